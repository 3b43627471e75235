import { github } from './github.js';
import { json } from './json.js';
import { pretty } from './pretty.js';
import type { Format } from './result.js';
import { sarif } from './sarif.js';

export type { Format, Result } from './result.js';

export type FormatName = 'pretty' | 'json' | 'sarif' | 'github';
export const formats: Readonly<Record<FormatName, Format>> = { pretty, json, sarif, github };
