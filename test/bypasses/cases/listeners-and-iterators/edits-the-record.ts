/** A listener that edits the verdict record */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.on('verdict', (record) => {
    record.verdict = 'admit';
  });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
