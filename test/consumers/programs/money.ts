/** A call with a budget, logged and recorded, and its record given to the machine again. */
import { logTo, sharedBudget, type Decision, type Logger } from 'gated-realtime';
import { explain, readRecord, recordTo, replay, type CallRecord } from 'gated-realtime/record';
import { simulate } from 'gated-realtime/simulator';

export async function accounts(): Promise<void> {
  const logged: string[] = [];
  const logger: Logger = {
    info: (_about, message) => void logged.push(message),
    warn: (_about, message) => void logged.push(message),
    error: (_about, message) => void logged.push(message),
  };
  const path = `records/${Date.now()}-${Math.random()}.jsonl`;
  const today = sharedBudget({ limit: 1, each: 'day' });
  const { session } = await simulate({
    purposes: ['greeting'],
    budget: { limit: 0.5, warnAt: 0.4, store: today },
    observe: [logTo(logger), recordTo(path, { audio: 'hashed' })],
  });
  const decisions: Decision[] = [];
  session.on('decision', (decision) => void decisions.push(decision));
  await session.respond('greeting').done;
  await session.close();

  const { total } = session.ledger;
  const decided = decisions.map(({ purpose, nanoUsd }) => `${purpose} ${nanoUsd}`).join();
  if (decided !== `greeting ${total.nanoUsd}` || total.nanoUsd <= 0) throw new Error(decided);
  if (today.leftNanoUsd !== 1e9 - total.nanoUsd) throw new Error(`${today.leftNanoUsd} left of the day's budget`);
  if (logged.length !== 2) throw new Error(logged.join('; '));
  const { verdicts, differences } = replay(await written(path));
  if (differences[0]) throw new Error(explain(differences[0]));
  if (verdicts.map(({ requestId }) => requestId).join() !== decisions[0]?.requestId) throw new Error('another request');
}

/** The record, once its last line is on the disk. */
async function written(path: string): Promise<CallRecord> {
  for (let read = 0; read < 10_000; read++) {
    const record = await readRecord(path).catch(() => null);
    if (record?.ending) return record;
  }
  throw new Error(`${path} has no end`);
}
