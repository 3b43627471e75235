import { cpus } from 'node:os';
import { measure, table } from './measure.js';
import { wireRows } from './wire.js';

const results = [...wireRows()].map((row) => measure(row));
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'an unknown processor'}. Medians of one operation.\n`);
console.log(table(results));
process.exit();
