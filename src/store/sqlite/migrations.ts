import type { DatabaseSync } from 'node:sqlite';

/** Marks a SQLite file as ours (`PRAGMA application_id`): the letters SKYP. */
export const applicationId = 0x53_4b_59_50;

/**
 * Step n brings a store from version n to n + 1 (`PRAGMA user_version`). A step that was released is
 * never changed. All tables are STRICT, so that a row has the types that tables.ts says.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE model (
    hash TEXT PRIMARY KEY,
    text TEXT NOT NULL
  ) STRICT;

  CREATE TABLE conversation (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    sla TEXT NOT NULL,
    modelName TEXT NOT NULL,
    model TEXT NOT NULL REFERENCES model (hash),
    createdMs INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    holder TEXT,
    leasedUntilMs INTEGER
  ) STRICT;
  CREATE INDEX conversationByAge ON conversation (ended, createdMs, key);
  CREATE INDEX conversationModel ON conversation (model);

  CREATE TABLE agent (
    conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE,
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    wakeMs INTEGER,
    PRIMARY KEY (conversation, id)
  ) STRICT;

  CREATE TABLE ask (
    conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE,
    agent TEXT NOT NULL,
    ask INTEGER NOT NULL,
    name TEXT NOT NULL,
    arity INTEGER NOT NULL,
    args TEXT NOT NULL,
    answer TEXT,
    PRIMARY KEY (conversation, agent, ask)
  ) STRICT;

  CREATE TABLE message (
    conversation INTEGER NOT NULL REFERENCES conversation (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    atMs INTEGER NOT NULL,
    fromRole TEXT NOT NULL,
    fromId TEXT NOT NULL,
    toRole TEXT NOT NULL,
    toId TEXT NOT NULL,
    name TEXT NOT NULL,
    args TEXT NOT NULL,
    codes TEXT,
    queued INTEGER NOT NULL,
    PRIMARY KEY (conversation, number)
  ) STRICT;
  CREATE INDEX messageQueued ON message (conversation, number) WHERE queued = 1;

  CREATE TABLE sla (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    pricePerHourMicros INTEGER NOT NULL,
    currency TEXT NOT NULL,
    machines INTEGER NOT NULL,
    createdMs INTEGER NOT NULL,
    updatedMs INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX slaByAge ON sla (createdMs, key);
  CREATE INDEX slaByName ON sla (name);

  CREATE TABLE slaPart (
    sla INTEGER NOT NULL REFERENCES sla (key) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (sla, part)
  ) STRICT;

  CREATE TABLE vendorRecord (
    vendor TEXT PRIMARY KEY,
    proposed INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    late INTEGER NOT NULL,
    signed INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    bound INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    bindMsTotal REAL NOT NULL
  ) STRICT;

  CREATE TABLE kept (
    conversation TEXT NOT NULL,
    key TEXT NOT NULL,
    text ANY NOT NULL,
    PRIMARY KEY (conversation, key)
  ) STRICT;
  `,
];

/** The version this program writes; it refuses a higher one. */
export const schemaVersion: number = migrations.length;

/**
 * Brings the database up to date, one transaction per step. Safe when several processes do it at
 * once: each step looks at the version again once it holds the write lock.
 */
export function migrate(database: DatabaseSync): void {
  for (const [version, step] of migrations.entries()) {
    database.exec('BEGIN IMMEDIATE');
    try {
      const row = database.prepare('PRAGMA user_version').get();
      if (row?.['user_version'] === version) {
        database.exec(step);
        database.exec(`PRAGMA application_id = ${applicationId}`);
        database.exec(`PRAGMA user_version = ${version + 1}`);
      }
      database.exec('COMMIT');
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw thrown;
    }
  }
}
