/**
 * Gives a key and a client.
 *
 * Why: The options are a union, and of a union TypeScript names only the whole first. The lines below name
 * `apiKey`.
 */
import OpenAI from 'openai';
import { connect } from 'gated-realtime/ws';

const client = new OpenAI();

// wrong:
await connect({ model: 'gpt-realtime-2.1', client, apiKey: 'sk-…' });
