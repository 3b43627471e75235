import type { Database } from '../database.js';
import type { Stage } from './stage.js';

/** The timeline of a call for people, and the rows that it left in the database. */
export async function timelineOf({ callSid, log }: Stage, database: Database): Promise<readonly string[]> {
  const lines = log.lines.map(({ atMs, what }) => `  ${seconds(atMs)}  ${what}`);
  return [...lines, ...(await leftBy(callSid, database))];
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(2).padStart(6);

async function leftBy(callSid: string, database: Database): Promise<readonly string[]> {
  const { call, leads, appointments } = await rowsOf(callSid, database);
  return [
    `  in the database: ${call?.ending ?? 'no call'}`,
    ...leads.map(({ name, phone, wish }) => `    lead: ${name}, ${phone}, ${wish}`),
    ...appointments.map(({ name, at }) => `    appointment: ${name}, ${at}`),
  ];
}

/** Every row that belongs to a call. */
export async function rowsOf(callSid: string, database: Database) {
  const values = [callSid];
  const [call] = await database.query<{ caller: string; ending: string | null }>(
    'select caller, ending from calls where call_sid = $1',
    values,
  );
  const leads = await database.query<{ name: string; phone: string; wish: string }>(
    'select name, phone, wish from leads where call_sid = $1',
    values,
  );
  const appointments = await database.query<{ name: string; at: string }>(
    `select name, to_char(lower(during), 'YYYY-MM-DD HH24:MI') as at
     from appointments where call_sid = $1 order by during`,
    values,
  );
  return { call, leads, appointments };
}
