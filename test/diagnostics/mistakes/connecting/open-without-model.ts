/**
 * Opens a session with no model.
 *
 * Why: The options are a union, and of a union TypeScript names only the whole first. The lines below
 * name what is missing.
 */
import { openSession } from 'gated-realtime/ws';

// wrong:
await openSession({ purposes: ['greeting'] });
