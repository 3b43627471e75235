import { join } from 'node:path';
import type { Schema } from 'ts-json-schema-generator';
import { createGenerator } from 'ts-json-schema-generator';
import { root } from '../tools/packed.js';

const path = join(root, 'node_modules/openai/resources/realtime/realtime.d.ts');

/** The JSON Schema of a type in the newest SDK's `realtime.d.ts`. Other fields are not allowed. */
export const sdkSchema = (type: string): Schema =>
  createGenerator({ path, type, skipTypeCheck: true, jsDoc: 'none', additionalProperties: false }).createSchema(type);
