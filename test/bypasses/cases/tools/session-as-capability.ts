/** A session's capability in the place of a tool's */
import type { RespondAs } from 'gated-realtime';
import type { Context } from '../../context.js';

const remark = (respond: RespondAs) => respond({ whenBlocked: 'refuse' }).kind;

export default ({ session }: Context) => {
  remark(session.respond);
};
