import { explore } from './explore.js';
const plain = { params: null, interrupt: false, whenBlocked: 'hold', override: [] } as const;
const none = { asks: [], begins: 0, cancels: 0, items: 0, deadlines: 0, drops: 0, closes: 0, failures: 0 };
for (const b of [
  { ...none, asks: [plain] },
  { ...none, asks: [plain], begins: 1 },
  { ...none, asks: [plain, plain], begins: 1 },
  { ...none, asks: [plain, { ...plain, interrupt: true }], begins: 1, items: 1, deadlines: 1 },
  { ...none, asks: [plain, { ...plain, interrupt: true }], begins: 1, items: 1, deadlines: 1, cancels: 1, closes: 1 },
]) {
  const t = Date.now();
  console.log(
    JSON.stringify(explore(b, { states: 1e6, ms: 40_000 })),
    Date.now() - t,
    (process.memoryUsage().rss / 1e6) | 0,
  );
}
