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

const KEYWORDS: ReadonlySet<string> = new Set(['null', 'then', 'or', 'par', 'and', 'not']);
const ARROWS: ReadonlyMap<string, string> = new Map([
  ['⇒', '=>'],
  ['⇐', '<='],
  ['←', '<-'],
]);

/** Words that the grammar uses and that therefore name neither messages nor roles nor constraints. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word);
}

// Every alternative is linear: no nested repetition over the same characters.
const TOKEN =
  /(?<space>[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<variable>[A-Z][\w$]*)|(?<name>[a-z$][\w$:.@]*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*")|(?<tag>@[a-z]+)|(?<symbol>::=|::|=>|<=|<-|==|!=|>=|[⇒⇐←=<>()[\],|_])/y;

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
    TOKEN.lastIndex = offset;
    const groups = TOKEN.exec(text)?.groups;
    const at = { line, column: offset - lineStart + 1 };
    if (groups === undefined) throw notAToken(source, at, text.slice(offset, offset + 2));
    const space = groups['space'];
    if (space === undefined) {
      tokens.push({ ...tokenOf(groups), ...at });
    } else {
      for (let end = space.indexOf('\n'); end >= 0; end = space.indexOf('\n', end + 1)) {
        line += 1;
        lineStart = offset + end + 1;
      }
    }
    offset = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', line, column: offset - lineStart + 1 });
  return tokens;
}

function tokenOf(
  groups: Readonly<Record<string, string | undefined>>,
): Pick<Token, 'kind' | 'text'> {
  const { variable, name, number, string, tag, symbol = '' } = groups;
  if (name !== undefined) return { kind: isKeyword(name) ? 'keyword' : 'name', text: name };
  if (variable !== undefined) return { kind: 'variable', text: variable };
  if (number !== undefined)
    return { kind: /[.eE]/.test(number) ? 'float' : 'integer', text: number };
  if (string !== undefined) return { kind: 'string', text: string };
  if (tag !== undefined) return { kind: 'tag', text: tag };
  return { kind: 'symbol', text: ARROWS.get(symbol) ?? symbol };
}

function notAToken(source: Source, at: Position, start: string): Error {
  if (start.startsWith('"'))
    return syntaxFailure(source, at, 'this string is not closed on its line');
  if (start === '/*') return syntaxFailure(source, at, 'this comment is not closed');
  const character = String.fromCodePoint(start.codePointAt(0) ?? 0);
  return syntaxFailure(
    source,
    at,
    `the character ${JSON.stringify(character)} begins nothing here`,
  );
}
