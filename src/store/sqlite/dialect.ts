import {
  type Compilable,
  type Dialect,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Connection } from './connection.ts';
import type { Tables } from './tables.ts';

/**
 * Kysely builds and types the queries, `node:sqlite` runs them: at once and to the end. Kysely's own
 * execution is asynchronous, so that another call could slip between two reads of one snapshot, or
 * find itself inside the transaction of a save.
 */
const dialect: Dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (database) => new SqliteIntrospector(database),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};

export const query: Kysely<Tables> = new Kysely<Tables>({ dialect });

export function rowsOf<Row>(db: Connection, compilable: Compilable<Row>): readonly Row[] {
  const { sql, parameters } = compilable.compile();
  // The tables are STRICT and as tables.ts says, so the rows have the type of the query.
  return db.database.prepare(sql).all(...parameters.map(bindable)) as Row[];
}

/** Kysely knows parameters as `unknown`; the types of the tables let only these through. */
function bindable(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  throw new TypeError(`SQLite cannot hold a ${typeof value}`);
}
