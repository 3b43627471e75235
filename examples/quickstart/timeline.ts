import type { AnySession, Verdict, VerdictRecord } from 'gated-realtime';
import { print, printable, type Tint } from '../shared/terminal.js';

/** Prints a call as it happens: when, who has the floor, what was decided and why. */
export interface Timeline {
  follow(session: AnySession): void;
  /** Prints at once that a request is held. `follow` prints how each request is settled. */
  asked<Given extends Verdict>(purpose: string, verdict: Given): Given;
  sum(session: AnySession): void;
}

/** The width of the text in columns; with the prefix, 80. */
const WIDTH = 60;
const TINTS = { admit: 'green', hold: 'yellow', merge: 'cyan', refuse: 'red' } as const;
const rule = (crossing: string): string => [9, 8, WIDTH + 1].map((columns) => '─'.repeat(columns)).join(crossing);

export function timeline(): Timeline {
  const startedAt = performance.now();
  let caller: 'speaks' | 'is silent' = 'is silent';
  let answering = 0;

  const floor = (): string => (caller === 'speaks' ? 'caller' : answering > 0 ? 'model ' : '  –   ');
  const line = (text: string, tint?: Tint): void => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2).padStart(6);
    const rows = rowsOf(printable(text)).join('\n         │        │   ');
    for (const row of `${seconds} s │ ${floor()} │ ${rows}`.split('\n')) print(row, tint);
  };

  const follow = (session: AnySession): void => {
    print('  time   │ floor  │ what happened');
    print(rule('┼'));
    line(`the server has confirmed the session (epoch ${session.state.epoch})`);
    session.on('verdict', (record) => line(verdictLine(record), TINTS[record.verdict]));
    session.on('input_audio_buffer.speech_started', () => {
      caller = 'speaks';
      line('the caller begins to speak');
    });
    session.on('input_audio_buffer.speech_stopped', () => {
      caller = 'is silent';
      line('the caller has spoken');
    });
    session.on('response', (response) => {
      answering++;
      const who = response.purpose === null ? 'the server answers by itself' : `the response for ${response.purpose}`;
      line(`${who}: created`);
      void response.done.then((outcome) => {
        answering--;
        const how = outcome.status === 'cancelled' ? `cancelled by the ${outcome.by}` : outcome.status;
        line(`${who}: ${how}${'text' in outcome && outcome.text ? `: “${outcome.text}”` : ''}`);
      });
    });
    session.on('conversation.item.truncated', ({ audio_end_ms }) => line(`… of which ${audio_end_ms} ms were heard`));
    session.on('fault', (error) => line(`fault: ${error.message}`));
    void session.closed.then((ending) =>
      line(
        ending.kind === 'hung-up' ? `the call has ended; the goodbye was ${ending.farewell}` : `ended: ${ending.kind}`,
      ),
    );
  };

  const sum = ({ ledger: { model, responses, total } }: AnySession): void => {
    print(rule('┴'));
    print(
      `${responses.length} responses of ${model ?? 'a model that nobody named'}; they would have cost $${(total.nanoUsd / 1e9).toFixed(4)}.`,
    );
  };
  return {
    follow,
    asked(purpose, verdict) {
      if (verdict.kind === 'hold') line(`respond('${purpose}') → HOLD (${verdict.by.join(', ')})`, TINTS.hold);
      return verdict;
    },
    sum,
  };
}

function verdictLine({ purpose, verdict, by, heldBy, askedAt, settledAt }: VerdictRecord): string {
  const why = by ?? (heldBy.length > 0 ? `waited ${Math.round(settledAt - askedAt)} ms for ${heldBy.join(', ')}` : '');
  return `respond('${purpose}') → ${verdict.toUpperCase()}${why && ` (${why})`}`;
}

/** Breaks a text before a quotation, or else between phrases or words. Rows after the first are indented by two. */
function rowsOf(text: string): string[] {
  const rows: string[] = [];
  let rest = text;
  for (let width = WIDTH; rest.length > width; width = WIDTH - 2) {
    const quote = rest.lastIndexOf(' “', width);
    const phrase = Math.max(...[', ', ': ', '. '].map((mark) => rest.lastIndexOf(mark, width - 1) + 1));
    const space = rest.lastIndexOf(' ', width);
    const end = [quote, phrase > (width * 2) / 3 ? phrase : 0, space, width].find((at) => at > 0)!;
    rows.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...rows, rest];
}
