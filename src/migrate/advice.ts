import type { FollowUp } from './follow-ups.js';

/** What to write instead of a create that is marked and not rewritten, by the reason. */
export const advice = {
  hangup: 'Write session.hangup({ farewell: { … } }): the goodbye is heard to its end, and then the call is ended.',
  cancel: (purpose: string) =>
    `Write session.respond('${purpose}', { interrupt: true }) for this and the response.cancel before it.`,
  several: (names: readonly string[], purpose: string) =>
    `Write <session>.respond('${purpose}') with the session that is meant: ${names.join(' or ')}.`,
  noSession: (purpose: string) =>
    `Pass the session of openSession() in, and write session.respond('${purpose}', { response: … }).`,
  byHand: (session: string, purpose: string, why: string) =>
    `Write ${session}.respond('${purpose}', { response: … }) by hand: ${why}.`,
  stranger: (line: string, session: string, purpose: string) =>
    `\`${line}\` may be another line: if it is that of ${session}, write ${session}.respond('${purpose}', { response: … }).`,
  strangerInTool: (line: string) =>
    `\`${line}\` may be another line: if it is the session's, delete this, and the runner asks for the follow-up.`,
} as const;

/** The same for creates that belong to a tool. */
export const toolAdvice: Readonly<Record<Exclude<FollowUp, 'none'>, string>> = {
  runner: 'Delete it and the response.cancel before it: the runner asks for the follow-up, once nobody speaks.',
  parameters: 'Give the tool its parameters as `reply: { … }`, and delete it: the runner asks for the follow-up.',
  silent: 'Delete it, and let the `reply` of the tool say whether the model speaks: the runner asks for the follow-up.',
  remark:
    'For a remark while the tool works, write call.respond({ response: … }) with the second parameter of run. For the answer, delete it: the runner asks.',
  'by hand':
    'Do the work in tool({ run }) and return its result, or call session.answer(callId, result); then delete the output and this: the runner asks for the follow-up.',
};
