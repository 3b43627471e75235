import { type Danger, dangers, type Finding } from '../detector/index.js';

/** The guards that a finding bypasses, as the end of a sentence. */
export const around = ({ dangers: [worst = 'elsewhere'] }: Finding): string => dangers[worst];

/** What to write instead of a raw create, depending on its surroundings. */
export function insteadOfCreate({ dangers: [worst = 'elsewhere'] }: Finding, purpose: string): string {
  return byDanger[worst](`session.respond('${purpose}')`);
}

const byDanger: Readonly<Record<Danger, (respond: string) => string>> = {
  'tool handler': () => "Return the result from the tool's `run`: the session sends it, and asks for the follow-up.",
  'after hang-up': () => "Say goodbye with `session.hangup({ farewell: { instructions: '…' } })`.",
  'error handler': (respond) =>
    `Leave it to \`recovery\` in the plan, which asks again through the gate, or write \`${respond}\`.`,
  'before confirmation': (respond) =>
    `Write \`${respond}\` once \`openSession()\` or \`configure()\` has returned the confirmed session.`,
  timer: (respond) =>
    `Write \`${respond.slice(0, -1)}, { whenBlocked: 'refuse' })\`: it is refused while anyone speaks.`,
  'user turn': (respond) =>
    `The server answers a turn by itself; where it is told not to (\`create_response: false\`), write \`${respond}\`.`,
  elsewhere: (respond) => `Write \`${respond}\`.`,
};
