import type { Database, Queries } from './database.js';

/** The actions that callers can ask for, and the database behind them. Dates are `YYYY-MM-DD`, times `HH:MM`. */
export interface Office {
  /** Rejects if the database cannot be read. */
  isOpen(): Promise<void>;
  callBegan(callSid: string, caller: string): Promise<void>;
  callEnded(callSid: string, ending: string): Promise<void>;
  endingOf(callSid: string): Promise<string | null>;
  /** Saves one lead per call, which the caller may correct. The same function call delivered twice changes nothing. */
  saveLead(callSid: string, lead: Lead): Promise<void>;
  freeTimes(date: string): Promise<readonly string[]>;
  /** Books an appointment. Rejects and rolls back if `signal` is aborted before the commit. */
  book(callSid: string, booking: Booking, signal: AbortSignal): Promise<Booked>;
}

export interface Lead {
  /** The id of the model's function call: delivered twice, it is saved once. Left out: saved each time. */
  readonly functionCallId?: string | undefined;
  readonly name: string;
  readonly phone: string;
  readonly wish: string;
}

export interface Booking {
  /** The id of the model's function call: delivered twice, it is booked once. */
  readonly functionCallId: string;
  readonly name: string;
  readonly date: string;
  readonly time: string;
}

export type Booked =
  { readonly booked: true; readonly at: string } | { readonly booked: false; readonly free: readonly string[] };

export const officeOn = (database: Database): Office => ({
  async isOpen() {
    await database.query('select from calls limit 1');
  },
  async callBegan(callSid, caller) {
    const insert = 'insert into calls (call_sid, caller) values ($1, $2) on conflict (call_sid) do nothing';
    await database.query(insert, [callSid, caller]);
  },
  async callEnded(callSid, ending) {
    const update = 'update calls set ended_at = now(), ending = $2 where call_sid = $1 and ended_at is null';
    await database.query(update, [callSid, ending]);
  },
  async endingOf(callSid) {
    const select = 'select ending from calls where call_sid = $1';
    const [call] = await database.query<{ ending: string | null }>(select, [callSid]);
    return call?.ending ?? null;
  },
  saveLead: (callSid, lead) => saveLead(database, callSid, lead),
  freeTimes: (date) => freeTimes(database, date),
  book: (callSid, booking, signal) =>
    database.transaction(async (queries) => {
      const booked = await book(queries, callSid, booking);
      // A caller who has left never heard that it was booked, so throwing here rolls it back.
      signal.throwIfAborted();
      return booked;
    }),
});

async function freeTimes(queries: Queries, date: string): Promise<readonly string[]> {
  const select = /* sql */ `
    select to_char(beginning, 'HH24:MI') as time
    from beginnings($1::date) as beginning
    where not exists (
      select from appointments where during && tsrange(beginning, beginning + interval '30 minutes')
    )
    order by beginning`;
  const rows = await queries.query<{ time: string }>(select, [date]);
  return rows.map(({ time }) => time);
}

/** An earlier function call that is delivered again does not overwrite later corrections. */
async function saveLead(queries: Queries, callSid: string, { functionCallId, name, phone, wish }: Lead): Promise<void> {
  const upsert = /* sql */ `
    with first_time as (
      insert into lead_calls (call_sid, function_call_id)
      values ($1, coalesce($2, gen_random_uuid()::text))
      on conflict do nothing
      returning call_sid
    )
    insert into leads (call_sid, name, phone, wish)
    select call_sid, $3, $4, $5 from first_time
    on conflict (call_sid) do update set name = excluded.name, phone = excluded.phone, wish = excluded.wish`;
  await queries.query(upsert, [callSid, functionCallId ?? null, name, phone, wish]);
}

/**
 * The constraints decide who was first. The second insert waits for the first to commit, and then inserts nothing: if
 * both are the same function call, it is booked; otherwise the time is taken.
 */
async function book(queries: Queries, callSid: string, booking: Booking): Promise<Booked> {
  const { functionCallId, name, date, time } = booking;
  const insert = /* sql */ `
    insert into appointments (call_sid, function_call_id, name, during)
    select $1, $2, $3, tsrange(beginning, beginning + interval '30 minutes')
    from beginnings($4::date) as beginning
    where beginning = $4::date + $5::time
    on conflict do nothing`;
  await queries.query(insert, [callSid, functionCallId, name, date, time]);
  const at = await bookedBy(queries, callSid, functionCallId);
  return at === null ? { booked: false, free: await freeTimes(queries, date) } : { booked: true, at };
}

async function bookedBy(queries: Queries, callSid: string, functionCallId: string): Promise<string | null> {
  const select = /* sql */ `
    select to_char(lower(during), 'YYYY-MM-DD HH24:MI') as at
    from appointments where call_sid = $1 and function_call_id = $2`;
  const [row] = await queries.query<{ at: string }>(select, [callSid, functionCallId]);
  return row?.at ?? null;
}
