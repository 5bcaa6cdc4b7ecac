import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Position } from './ast.ts';
import { type Source, syntaxFailure } from './parser-error.ts';

export interface Token extends Position {
  readonly kind: TokenKind;
  /** As written; arrows are normalised to `=>`, `<=`, `<-`. */
  readonly text: string;
}

export type TokenKind =
  | 'variable'
  | 'name'
  | 'keyword'
  | 'integer'
  | 'float'
  | 'string'
  | 'tag'
  | 'symbol'
  | 'end';

/** Words that the grammar uses, and that are therefore no names. */
const KEYWORDS: ReadonlySet<string> = new Set(['null', 'then', 'or', 'par', 'and', 'not']);
const ARROWS: ReadonlyMap<string, string> = new Map([
  ['⇒', '=>'],
  ['⇐', '<='],
  ['←', '<-'],
]);

// Every alternative is linear: no nested repetition over the same characters.
const TOKEN =
  /[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[A-Z][\w$]*|[a-z$][\w$:.@]*|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|@[a-z]+|::=|::|=>|<=|<-|==|!=|>=|[⇒⇐←=<>()[\],|_]/y;

/**
 * Cuts a model into tokens; the last one is always `end`.
 *
 * Throws `LCC.TOO_LONG` beyond `limits.modelFileBytes`, `LCC.SYNTAX` at a character, comment or
 * string that is none.
 */
export function tokenize(source: Source): readonly Token[] {
  const { text, file } = source;
  if (Buffer.byteLength(text) > limits.modelFileBytes) {
    throw failure('LCC.TOO_LONG', `${file}: a model has at most ${limits.modelFileBytes} bytes`, {
      facts: { file, limitBytes: limits.modelFileBytes },
    });
  }
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let offset = 0;
  while (offset < text.length) {
    const column = offset - lineStart + 1;
    TOKEN.lastIndex = offset;
    if (!TOKEN.test(text)) throw notAToken(source, { line, column }, text.slice(offset));
    const lexeme = text.slice(offset, TOKEN.lastIndex);
    const kind = kindOf(lexeme);
    if (kind === 'space') {
      for (let end = lexeme.indexOf('\n'); end >= 0; end = lexeme.indexOf('\n', end + 1)) {
        line += 1;
        lineStart = offset + end + 1;
      }
    } else {
      tokens.push({ kind, text: ARROWS.get(lexeme) ?? lexeme, line, column });
    }
    offset = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', line, column: offset - lineStart + 1 });
  return tokens;
}

/** The first character tells the kind of a token. */
function kindOf(lexeme: string): TokenKind | 'space' {
  const first = lexeme[0] ?? '';
  if (first >= 'a' && first <= 'z') return KEYWORDS.has(lexeme) ? 'keyword' : 'name';
  if (first >= 'A' && first <= 'Z') return 'variable';
  if (first <= ' ' || first === '/') return 'space';
  if (first === '$') return 'name';
  if (first === '"') return 'string';
  if (first === '@') return 'tag';
  if (first === '-' || (first >= '0' && first <= '9')) {
    return /[.eE]/.test(lexeme) ? 'float' : 'integer';
  }
  return /[\s\uFEFF]/.test(first) ? 'space' : 'symbol';
}

function notAToken(source: Source, at: Position, rest: string): Error {
  if (rest.startsWith('"'))
    return syntaxFailure(source, at, 'this string is not closed on its line');
  if (rest.startsWith('/*')) return syntaxFailure(source, at, 'this comment is not closed');
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return syntaxFailure(
    source,
    at,
    `the character ${JSON.stringify(character)} begins nothing here`,
  );
}
