/** Of the state file; a file with a higher number is left alone. */
export const schemaVersion = 1;

/**
 * A row of `contract` is a machine that we hold, from its signature to its withdrawal; it takes its
 * room on its host. A row of `move` holds the same room a second time, on `holds`: the target host
 * until the move is committed, and then the host it left until that is released.
 */
export const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE contract (
  id TEXT PRIMARY KEY,
  conversation TEXT NOT NULL,
  objective TEXT NOT NULL,
  -- signed, starting, running; ending: the guest is being ended, nothing may start it again
  state TEXT NOT NULL,
  -- 1: paused by a move
  paused INTEGER NOT NULL,
  site TEXT NOT NULL,
  host TEXT NOT NULL,
  class TEXT NOT NULL,
  apart TEXT NOT NULL,
  cpus INTEGER NOT NULL,
  memory_mib INTEGER NOT NULL,
  disk_gib INTEGER NOT NULL,
  network_mbps INTEGER NOT NULL,
  -- which address it has, counting from 0
  slot INTEGER NOT NULL UNIQUE,
  signed_ms INTEGER NOT NULL,
  -- when it will have booted; 0 before it is started
  ready_ms INTEGER NOT NULL,
  -- how many listings have left it out
  unlisted INTEGER NOT NULL,
  -- of its sshd; 0: none
  guest_port INTEGER NOT NULL,
  guest_pid INTEGER NOT NULL,
  guest_start INTEGER NOT NULL
) STRICT;
CREATE INDEX contract_objective ON contract (conversation, objective);

-- What was withdrawn while its proposal could still be accepted
CREATE TABLE withdrawn (id TEXT PRIMARY KEY, until_ms INTEGER NOT NULL) STRICT;

CREATE TABLE move (
  id TEXT PRIMARY KEY,
  contract TEXT NOT NULL,
  -- prepared, paused, committed; released and discarded hold no room
  state TEXT NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  holds TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX move_contract ON move (contract);

-- How often each fault has been met
CREATE TABLE fault (key TEXT PRIMARY KEY, calls INTEGER NOT NULL) STRICT;
`;
