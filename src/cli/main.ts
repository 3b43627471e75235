#!/usr/bin/env node
import { run } from './run.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.exitCode = await run(process.argv.slice(2), {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
  signal: stop.signal,
  ...(process.stderr.isTTY && { progress: (line) => process.stderr.write(`\r\u001b[2K${line}`) }),
});
