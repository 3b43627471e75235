/** Names the session of a plan without `typeof`. */
import { plan, type SessionOf } from 'gated-realtime';

export const salesPlan = plan({ purposes: ['greeting'] });

// wrong:
export declare const session: SessionOf<salesPlan>;
