import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const everyBranch = { branches: 100, functions: 100, lines: 100, statements: 100 };

export default defineConfig({
  resolve: {
    alias: [
      { find: /^gated-realtime$/, replacement: here('src/index.ts') },
      { find: /^gated-realtime\/ws$/, replacement: here('src/ws.ts') },
      { find: /^gated-realtime\/websocket$/, replacement: here('src/websocket.ts') },
      { find: /^gated-realtime\/simulator$/, replacement: here('src/simulator/index.ts') },
      { find: /^gated-realtime\/record$/, replacement: here('src/record/index.ts') },
      { find: /^gated-realtime\/lint$/, replacement: here('src/lint/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/transitions.setup.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 300_000,
    dangerouslyIgnoreUnhandledErrors: false,
    allowOnly: false,
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['src/**/*.ts'],
      reporter: [['text', { skipFull: true }], 'json-summary', 'html'],
      thresholds: { 'src/machine/**': everyBranch, 'src/wire/**': everyBranch },
    },
  },
});
