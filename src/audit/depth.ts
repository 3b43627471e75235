import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/**
 * Whether this text might overflow a native parser's stack, which ends the process without an exception. It counts
 * everything that can open a level and nothing that closes one, because strings and comments may contain either; so it
 * is true of most long files.
 */
export const mayNestDeeply = (text: string): boolean => {
  if (text.length > SAFE_LENGTH) return true;
  let opened = 0;
  for (const character of text) if (opening.has(character)) opened += 1;
  return opened > SAFE_DEPTH;
};

// On a stack of 8 MB, oxc-parser 0.159 dies at 2,263 levels of the worst kind, and at 8,500 of those that begin with a
// word.
const SAFE_DEPTH = 1_000;
const SAFE_LENGTH = 20_000;
const opening: ReadonlySet<string> = new Set('[({<?:=');

/** Parses the text in another process first, on a stack that is partly used. False: that process died. */
export function survives(parser: string, text: string, lang: string): boolean {
  const args = ['-e', probe, pathToFileURL(parser).href, lang];
  return spawnSync(process.execPath, args, { input: text, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
}

const probe = `
const within = (frames, parse) => (frames > 0 ? within(frames - 1, parse) : parse());
const [, address, lang] = process.argv;
const text = require('node:fs').readFileSync(0, 'utf8');
import(address).then((module) => {
  const { parseSync } = { ...module.default, ...module };
  for (const sourceType of ['module', 'script']) {
    within(1000, () => parseSync('file.' + lang, text, { lang, sourceType }).program);
  }
});`;
