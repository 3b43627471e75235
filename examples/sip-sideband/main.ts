import OpenAI from 'openai';
import { createApp } from './app.js';

const missing = ['OPENAI_API_KEY', 'OPENAI_WEBHOOK_SECRET'].filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`Set ${missing.join(' and ')}: the secret is shown once, where the webhook is made.`);
  process.exitCode = 1;
} else {
  const app = createApp({ client: new OpenAI(), model: process.env['OPENAI_MODEL'] ?? 'gpt-realtime-2.1' });
  await app.listen({ host: process.env['HOST'] ?? '127.0.0.1', port: Number(process.env['PORT'] ?? 8080) });
}
