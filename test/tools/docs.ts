/**
 * `npm run docs`: writes the generated parts of the pages: tables, measurements and outputs. Needs `dist`: `npm run
 * build`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { writePage as writeBypasses } from '../bypasses/page.js';
import { writePage as writeDiagnostics } from '../diagnostics/page.js';
import { writeOutputs } from '../guide/write.js';
import { pages, upToDate } from './diagram.js';

for (const page of pages) writeFileSync(page, upToDate(readFileSync(page, 'utf8')));
await writeOutputs();
await writeBypasses();
await writeDiagnostics();
