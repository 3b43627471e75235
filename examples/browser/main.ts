import OpenAI from 'openai';
import { listen } from 'gated-realtime/simulator';
import { closeOnSignal } from '../shared/shutdown.js';
import { complain, fail } from '../shared/terminal.js';
import { createApp, type AppOptions } from './app.js';

const { env, argv } = process;
const model = env['OPENAI_MODEL'] ?? 'gpt-realtime-2.1';

if (!env['OPENAI_API_KEY'] && !argv.includes('--simulated')) {
  complain('Set OPENAI_API_KEY, or talk to the simulated server: npm run browser -- --simulated');
  process.exitCode = 1;
} else {
  try {
    const app = await createApp(argv.includes('--simulated') ? await simulated() : { client: new OpenAI(), model });
    closeOnSignal({ close: () => app.close(), log: app.log });
    await app.listen({ host: env['HOST'] ?? '127.0.0.1', port: Number(env['PORT'] ?? 8080) });
  } catch (error) {
    fail(error);
  }
}

/** OpenAI, on this machine. */
async function simulated(): Promise<AppOptions> {
  const { url } = await listen();
  const baseURL = url.replace(/^ws/, 'http').replace(/\/realtime$/, '');
  return { client: new OpenAI({ baseURL, apiKey: 'sk-simulated' }), model, url };
}
