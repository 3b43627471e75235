/**
 * Writes the output of each program below it in the pages: `npm run docs`. Writes nothing where a page shows no output.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools/packed.js';
import { pages, programsIn, readPage } from './programs.js';
import { outputsOf } from './run.js';

export async function writeOutputs(): Promise<void> {
  for (const page of pages) {
    const text = readPage(page);
    const lines = text.split('\n');
    for (const program of programsIn(page, text)) {
      if (program.refusals.length > 0 || program.blocks.every(({ prints }) => prints === null)) continue;
      const outputs = await outputsOf(program);
      for (const [at, { code, prints }] of program.blocks.entries()) {
        if (prints !== null) replace(lines, code, prints, outputs[at]!);
      }
    }
    writeFileSync(join(root, page), lines.join('\n'));
  }
}

function replace(lines: string[], code: string, before: string, after: string): void {
  const block = `${code}\`\`\`\n\n\`\`\`text\n`;
  const text = lines.join('\n');
  lines.splice(0, lines.length, ...text.replace(`${block}${before}`, () => `${block}${after}`).split('\n'));
}
