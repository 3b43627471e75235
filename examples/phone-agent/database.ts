import { schema } from './schema.js';

/** What the agent needs of a database. The SQL is PostgreSQL's, whoever runs it. */
export interface Queries {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database extends Queries {
  /** Committed once `run` has resolved; rolled back, and rejected with the same, if it rejects. */
  transaction<Result>(run: (queries: Queries) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url?: string | undefined;
  readonly directory?: string | undefined;
}

/** PostgreSQL by its `url`; without one, PostgreSQL inside this process, in a `directory` or in memory. */
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

async function server(url: string): Promise<Database> {
  const { default: postgres } = await import('pg');
  const pool = new postgres.Pool({ connectionString: url });
  // A connection that dies while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', (error) => console.error('A database connection was lost:', error.message));
  await pool.query(schema);
  type Runner = Pick<typeof pool, 'query'>;
  const through = (runner: Runner): Queries => ({
    query: async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
      (await runner.query<Row>(sql, [...values])).rows,
  });
  return {
    ...through(pool),
    async transaction(run) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await run(through(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
