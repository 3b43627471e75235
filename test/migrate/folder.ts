/** A git repository for one test, and the command run in it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export type Files = Readonly<Record<string, string>>;

const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'core.autocrlf=false'];

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'migrate-'));

  constructor(files: Files, kind: 'committed' | 'no repository' = 'committed') {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
    this.write(files);
    if (kind === 'no repository') return;
    this.git('init', '-q');
    this.commit();
  }

  write(files: Files): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', [...identity, ...args], { cwd: this.path, encoding: 'utf8' });
  }

  commit(): void {
    this.git('add', '.');
    this.git('commit', '-q', '--allow-empty', '-m', 'As it is');
  }
}
