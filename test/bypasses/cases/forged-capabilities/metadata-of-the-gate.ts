/** The gate's own metadata, claimed */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { response: { metadata: { gated_token: 'token_1', gated_purpose: 'farewell' } } });
};
