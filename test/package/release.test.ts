import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../tools/packed.js';

const ready = { version: '1.2.0', repository: { type: 'git', url: 'git+https://example.com/someone/gate.git' } };
const day = '## [1.2.0] – 2026-11-26';
const tagged = { GITHUB_REF_NAME: 'v1.2.0', GITHUB_REPOSITORY: 'someone/gate' };

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'release-'))));
afterEach(() => rm(folder, { recursive: true }));

/** The output of the check of a release, and its exit code. */
async function check(manifest: object, changelog: string, env: NodeJS.ProcessEnv) {
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'CHANGELOG.md'), `# Changelog\n\n${changelog}\n`);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, '.github/release-ready.mjs')],
      { cwd: folder, env: { ...process.env, ...env } },
      (error, _, stderr) => resolve([error?.code ?? 0, stderr.trim()]),
    );
  });
}

describe('a release', () => {
  it('goes out where tag, version, changelog and repository agree', async () => {
    expect(await check(ready, day, tagged)).toEqual([0, '']);
  });

  it.each([
    [
      'without the address of a repository',
      { version: '1.2.0' },
      day,
      tagged,
      'package.json has no repository that is someone/gate: npm checks the provenance against it.',
    ],
    [
      'of another version',
      ready,
      day,
      { ...tagged, GITHUB_REF_NAME: 'v1.3.0' },
      'The tag is v1.3.0, and the version in package.json is 1.2.0: they have to be the same.',
    ],
    [
      'that the changelog calls unreleased',
      ready,
      '## [1.2.0] – unreleased',
      tagged,
      'CHANGELOG.md has no heading for 1.2.0 with the day of its release.',
    ],
  ])('is stopped: %s', async (_, manifest, changelog, env, sentence) => {
    expect(await check(manifest, changelog, env)).toEqual([1, sentence]);
  });

  it('is tested, signed and published without a token', async () => {
    const workflow = await readFile(join(root, '.github/workflows/release.yml'), 'utf8');
    const steps = [...workflow.matchAll(/^ +- run: (.*)$/gm)].map(([, step]) => step);
    expect(steps).toEqual(['node .github/release-ready.mjs', '.ci/run', 'npm publish --provenance --access public']);
    expect(workflow).toContain('id-token: write');
    expect(workflow).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
  });
});
