/**
 * Connects over no transport.
 *
 * Why: Up to 6.0, TypeScript names both types first, and what is missing in the line below: `Property
 * 'transport' is missing`.
 */
import { connect } from 'gated-realtime';

// wrong:
await connect({ model: 'gpt-realtime-2.1' });
