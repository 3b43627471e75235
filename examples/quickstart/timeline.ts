import type { AnySession, VerdictRecord } from 'gated-realtime';
import { print } from '../shared/terminal.js';

/** Prints a call as it happens: when, who has the floor, and what was decided and why. */
export function timeline(): { follow(session: AnySession): void; sum(session: AnySession): void } {
  const startedAt = performance.now();
  let caller: 'speaks' | 'is silent' = 'is silent';
  let answering = 0;

  const floor = (): string => (caller === 'speaks' ? 'caller' : answering > 0 ? 'model ' : '  –   ');
  const line = (text: string): void => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2).padStart(6);
    print(`${seconds} s │ ${floor()} │ ${text}`);
  };

  const follow = (session: AnySession): void => {
    print('  time   │ floor  │ what happened');
    print('─────────┼────────┼──────────────────────────────────────────────────────────────────────');
    line(`the server has confirmed the session (epoch ${session.state.epoch})`);
    session.on('verdict', (record) => line(verdictLine(record)));
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
    print('─────────┴────────┴──────────────────────────────────────────────────────────────────────');
    print(
      `${responses.length} responses of ${model ?? 'a model that nobody named'}; they would have cost $${(total.nanoUsd / 1e9).toFixed(4)}.`,
    );
  };
  return { follow, sum };
}

function verdictLine({ purpose, verdict, by, heldBy, askedAt, settledAt }: VerdictRecord): string {
  const why = by ?? (heldBy.length > 0 ? `waited ${Math.round(settledAt - askedAt)} ms for ${heldBy.join(', ')}` : '');
  return `respond('${purpose}') → ${verdict.toUpperCase()}${why && ` (${why})`}`;
}
