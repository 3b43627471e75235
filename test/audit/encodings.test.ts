import { describe, expect, it } from 'vitest';
import { auditFiles, create, findingsOf } from './auditing.js';

const clean = '// caf\u00e9\nconst a = 1;\n';
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const encodings: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['Latin-1', (text) => Buffer.from(text, 'latin1')],
  ['UTF-16', utf16],
  ['UTF-16, big-endian', (text) => utf16(text).swap16()],
];

describe('a file that is not UTF-8', () => {
  it.each(encodings)('is unread where it may hold a call, and clean where it cannot: %s', async (_name, encode) => {
    const report = await auditFiles({ 'clean.js': encode(clean), 'sends.js': encode(clean + create) });
    expect(report.unread).toEqual([{ path: 'sends.js', line: null, why: 'it is not UTF-8' }]);
  });

  it('may be a film: not every .ts is TypeScript', async () => {
    const film = Uint8Array.from({ length: 5_000 }, (_, at) => (at % 188 === 0 ? 0x47 : (at * 131) % 256));
    expect(await auditFiles({ 'film.ts': film })).toMatchObject({ findings: [], unread: [] });
  });
});

it('a script may begin with a shebang', async () => {
  expect(await findingsOf('run.ts', `#!/usr/bin/env -S npx tsx\n${create}`)).toEqual(['2 text ws.send in –']);
});
