/** Migrates a text in memory, with the parser that the project has. */
import { fileURLToPath } from 'node:url';
import { detect } from '../../src/detector/index.js';
import { findParser } from '../../src/migrate/load.js';
import { type Migration, migrationOf } from '../../src/migrate/migration.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const found = await findParser(root);
if (!found) throw new Error('No parser is installed.');
export const parse = found;

export const migrated = (text: string, path = 'agent.ts'): Migration =>
  migrationOf({ path, text, program: parse(path, text) });

/** What is left to be found in a text. */
export const findings = (text: string, path = 'agent.ts') => detect(parse(path, text), text);
