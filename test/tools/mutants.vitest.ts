import { defineConfig } from 'vitest/config';

/** The machine's own unit tests, which alone are to notice a change of the machine. */
export default defineConfig({ test: { include: ['test/machine/**/*.test.ts'], maxWorkers: 1 } });
