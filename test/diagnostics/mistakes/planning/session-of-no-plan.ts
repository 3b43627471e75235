/** Names the session of what is no plan. */
import { plan, type SessionOf } from 'gated-realtime';

const salesPlan = plan({ purposes: ['greeting'] });
declare const session: SessionOf<'salesPlan'>;

// wrong:
session.respond('greeting');
