import OpenAI from 'openai';
import { closeOnSignal } from '../shared/shutdown.js';
import { complain, fail } from '../shared/terminal.js';
import { createApp } from './app.js';

const { env } = process;
const missing = ['OPENAI_API_KEY', 'OPENAI_WEBHOOK_SECRET'].filter((name) => !env[name]);
if (missing.length > 0) {
  complain(`Set ${missing.join(' and ')}: the secret is shown once, where the webhook is made.`);
  process.exitCode = 1;
} else {
  try {
    const app = createApp({ client: new OpenAI(), model: env['OPENAI_MODEL'] ?? 'gpt-realtime-2.1' });
    closeOnSignal({ close: () => app.close(), log: app.log });
    await app.listen({ host: env['HOST'] ?? '127.0.0.1', port: Number(env['PORT'] ?? 8080) });
  } catch (error) {
    fail(error);
  }
}
