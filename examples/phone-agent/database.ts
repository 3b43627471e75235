import type { Pool, PoolClient } from 'pg';
import { complain } from '../shared/terminal.js';
import { schema } from './schema.js';

/** A connection that runs queries in PostgreSQL's SQL. */
export interface Queries {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database extends Queries {
  /** Runs a transaction: commits once `run` has resolved, or rolls back and rejects with its error. */
  transaction<Result>(run: (queries: Queries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url?: string | undefined;
  readonly directory?: string | undefined;
}

/** Thrown if the database cannot be used. Its message says why, and shows no password. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/**
 * Opens PostgreSQL by its `url`, or else PostgreSQL inside this process, in a `directory` or in memory. Rejects with
 * `DatabaseError`.
 */
export async function openDatabase({ url, directory }: DatabaseOptions): Promise<Database> {
  return url === undefined ? embedded(directory) : server(url);
}

async function embedded(directory: string | undefined): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create(directory ?? 'memory://');
  await database.exec(schema);
  type Runner = Pick<typeof database, 'query'>;
  const through = (runner: Runner): Queries => ({
    query: async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
      (await runner.query<Row>(sql, [...values])).rows,
  });
  return {
    ...through(database),
    transaction: (run) => database.transaction((running) => run(through(running))),
    close: () => database.close(),
  };
}

/** Timeouts well below that of a tool, so that a call does not hang on a database that is down. Milliseconds. */
const timeouts = { connectionTimeoutMillis: 5_000, query_timeout: 5_000, statement_timeout: 5_000 };

async function server(url: string): Promise<Database> {
  const { default: postgres } = await import('pg');
  const pool = new postgres.Pool({ connectionString: url, ...timeouts });
  // The pool replaces a connection that dies while idle; without a listener the error would end the process.
  pool.on('error', connectionLost);
  try {
    await pool.query(schema);
  } catch (cause) {
    await pool.end();
    throw new DatabaseError(`The database of DATABASE_URL cannot be used: ${reasonOf(cause)}`, { cause });
  }
  return pooled(pool);
}

const connectionLost = (error: Error): void => complain(`A database connection was lost: ${error.message}`);

/** A database over a pool of connections. */
export const pooled = (pool: Pool): Database => ({
  ...through(pool),
  async transaction(run) {
    const client = await pool.connect();
    // The pool does not listen to a connection while it is lent out.
    client.on('error', connectionLost);
    try {
      await client.query('begin');
      const result = await run(through(client));
      await client.query('commit');
      giveBack(client);
      return result;
    } catch (error) {
      await rollBack(client);
      throw error;
    }
  },
  close: () => pool.end(),
});

const through = (runner: Pick<Pool, 'query'>): Queries => ({
  query: async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    (await runner.query<Row>(sql, [...values])).rows,
});

/** Rolls back. A connection that cannot even do that is discarded. The caller reports why the transaction failed. */
async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    giveBack(client);
  } catch (error) {
    giveBack(client, error instanceof Error ? error : new Error(String(error)));
  }
}

function giveBack(client: PoolClient, broken?: Error): void {
  client.removeListener('error', connectionLost);
  client.release(broken);
}

/** The reasons of a failed connection: a host name with several addresses has one for each. */
const reasonOf = (cause: unknown): string => {
  const errors = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  return errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
};
