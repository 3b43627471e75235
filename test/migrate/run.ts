/** Migrates a text in memory, with the project's own parser. */
import { fileURLToPath } from 'node:url';
import { dialectOf, findParsers, parseScript } from '../../src/audit/index.js';
import { detect, type Node } from '../../src/detector/index.js';
import { type Migration, migrationOf } from '../../src/migrate/migration.js';

const parsers = await findParsers('/').forFile('script', fileURLToPath(import.meta.url));

export const parse = (path: string, text: string): Node => parseScript(parsers, text, dialectOf(path));

export const migrated = (text: string, path = 'agent.ts'): Migration =>
  migrationOf({ path, text, program: parse(path, text) });

/** The findings left in a text. */
export const findings = (text: string, path = 'agent.ts') => detect(parse(path, text), text);
