/** `npm test`: every stage, two at a time. The last line is the counts; it fails if anything did. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packed.js';
import { build, type Counts, type Ended, lanes, type Stage } from './stages.js';

interface Result {
  readonly stage: Stage;
  readonly ended: Ended;
  readonly output: string;
  readonly seconds: number;
  readonly counts: Counts;
}

rmSync(join(root, 'coverage'), { recursive: true, force: true });
const results = [await perform(build)];
await Promise.all(lanes.map(performInTurn));
summarise();

async function performInTurn(stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) results.push(await perform(stage));
}

async function perform(stage: Stage): Promise<Result> {
  const startedAt = performance.now();
  const { ended, output } = await runToEnd(stage.command);
  const seconds = (performance.now() - startedAt) / 1000;
  const counts = stage.count?.(ended, output) ?? one(ended);
  const result: Result = { stage, ended, output, seconds, counts };
  console.log(`${mark(result)} ${stage.name} (${seconds.toFixed(1)} s)`);
  if (ended === 'failed' || stage.count) console.log(indent(output));
  return result;
}

function runToEnd(command: Stage['command']): Promise<Pick<Result, 'ended' | 'output'>> {
  // Tools that pack the package must not rebuild it while others use it.
  const env = { ...process.env, npm_config_ignore_scripts: 'true' };
  return new Promise((settle) => {
    const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (code) => {
      settle({ ended: code === 0 ? 'succeeded' : 'failed', output });
    });
  });
}

function summarise(): void {
  console.log('\nWhat was run');
  for (const result of results) {
    const { passed, failed } = result.counts;
    console.log(
      `  ${mark(result)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed  ${result.stage.name}`,
    );
  }
  const passed = sum('passed');
  const failed = sum('failed');
  const skipped = sum('skipped');
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}

function sum(which: keyof Counts): number {
  return results.reduce((total, { counts }) => total + counts[which], 0);
}
function one(ended: Ended): Counts {
  return ended === 'succeeded' ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
function mark({ ended }: Result): string {
  return ended === 'succeeded' ? '✓' : '✗';
}
function indent(output: string): string {
  return output.trimEnd().replaceAll(/^/gm, '    ');
}
