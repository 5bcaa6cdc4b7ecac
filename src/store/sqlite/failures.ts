import { type Failure, failure, isFailure } from '../../base/failure.ts';

/** About the file as a whole. */
type FileCode =
  | 'STORE.UNWRITABLE'
  | 'STORE.DISK_FULL'
  | 'STORE.NEWER'
  | 'STORE.CORRUPT'
  | 'STORE.BUSY';

/** About one conversation, which `facts.conversation` names. */
type ConversationCode =
  | 'STORE.FENCE_STALE'
  | 'STORE.ASK_GONE'
  | 'STORE.CONVERSATION_EXISTS'
  | 'STORE.CONVERSATION_UNKNOWN';

/** Result codes of SQLite (sqlite.org/rescode.html); the low byte is the primary code. */
const BUSY = 5;
const LOCKED = 6;
const FULL = 13;
const IOERR_SHMSIZE = 4874;
const CORRUPT = 11;
const NOTADB = 26;
const unwritable = new Set([3 /* PERM */, 8 /* READONLY */, 10 /* IOERR */, 14 /* CANTOPEN */]);

/** True when another connection held a lock for longer than this one waited. */
export function isBusy(thrown: unknown): boolean {
  const primary = (resultCode(thrown) ?? 0) & 0xff;
  return primary === BUSY || primary === LOCKED;
}

/** What SQLite or the file system threw, as a failure; anything else comes back as it is. */
export function asFailure(thrown: unknown, path: string): unknown {
  if (isFailure(thrown)) return thrown;
  const code = storeCode(thrown);
  return code === undefined ? thrown : fileFailure(code, path, thrown);
}

/** What decoding a stored value threw: only a damaged file holds what was never written. */
export function asCorrupt(thrown: unknown, path: string): unknown {
  const undecodable =
    thrown instanceof SyntaxError ||
    systemCode(thrown) === 'LCC.TERM_MALFORMED' ||
    systemCode(thrown) === 'Z_DATA_ERROR' ||
    systemCode(thrown) === 'Z_BUF_ERROR';
  return undecodable ? fileFailure('STORE.CORRUPT', path, thrown) : thrown;
}

export function fileFailure(code: FileCode, path: string, cause?: unknown): Failure {
  const { retry, say, next } = texts[code];
  return failure(code, say(path), { retry, next: next(path), facts: { path }, cause });
}

export function conversationFailure(code: ConversationCode, conversation: string): Failure {
  const next = `Run \`skypact sla list\` to see how things stand.`;
  return failure(code, `Conversation ${conversation}: ${conversationTexts[code]}.`, {
    next,
    facts: { conversation },
  });
}

const conversationTexts: Readonly<Record<ConversationCode, string>> = {
  'STORE.FENCE_STALE': 'another process goes on with it; nothing of this step was written',
  'STORE.ASK_GONE': 'the question was answered already, or is no longer asked',
  'STORE.CONVERSATION_EXISTS': 'there is one with this id already',
  'STORE.CONVERSATION_UNKNOWN': 'there is none with this id',
};

interface FailureText {
  readonly retry: Failure['retry'];
  readonly say: (path: string) => string;
  readonly next: (path: string) => string;
}

const texts: Readonly<Record<FileCode, FailureText>> = {
  'STORE.UNWRITABLE': {
    retry: 'never',
    say: (path) => `The store ${path} cannot be written.`,
    next: (path) => `Make ${path} and its folder writable for you, or name another folder.`,
  },
  'STORE.DISK_FULL': {
    retry: 'never',
    say: (path) =>
      `There is no room left for the store ${path}; nothing of this change was written.`,
    next: () => 'Free some space on its disk, then repeat the command: it goes on where it was.',
  },
  'STORE.NEWER': {
    retry: 'never',
    say: (path) => `The store ${path} was written by a newer version; it was left untouched.`,
    next: () => 'Upgrade with `npm install --global skypact@latest`.',
  },
  'STORE.CORRUPT': {
    retry: 'never',
    say: (path) => `The file ${path} is not a store, or it is damaged; it was left as it is.`,
    next: (path) => `Move ${path} away or restore it from a backup, then run \`skypact doctor\`.`,
  },
  'STORE.BUSY': {
    retry: 'later',
    say: (path) => `Another process kept the store ${path} locked.`,
    next: () => 'Repeat the command; if it persists, look for a process that holds the file open.',
  },
};

function storeCode(thrown: unknown): FileCode | undefined {
  const result = resultCode(thrown);
  if (result !== undefined) return codeOfResult(result);
  switch (systemCode(thrown)) {
    case 'EACCES':
    case 'ENOENT':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EISDIR':
      return 'STORE.UNWRITABLE';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'STORE.DISK_FULL';
    default:
      return undefined;
  }
}

function codeOfResult(result: number): FileCode | undefined {
  if (result === IOERR_SHMSIZE) return 'STORE.DISK_FULL';
  const primary = result & 0xff;
  if (primary === BUSY || primary === LOCKED) return 'STORE.BUSY';
  if (primary === FULL) return 'STORE.DISK_FULL';
  if (primary === CORRUPT || primary === NOTADB) return 'STORE.CORRUPT';
  return unwritable.has(primary) ? 'STORE.UNWRITABLE' : undefined;
}

function resultCode(thrown: unknown): number | undefined {
  if (systemCode(thrown) !== 'ERR_SQLITE_ERROR') return undefined;
  return thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode
    : undefined;
}

function systemCode(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
