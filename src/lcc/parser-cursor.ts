import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import type { Position } from './ast.ts';
import { type Dialect, type OpenkRule, openkRules } from './dialect.ts';
import { type Token, tokenize } from './lexer.ts';
import { type Source, syntaxFailure } from './parser-error.ts';

/** A place in the tokens of a model, and the only one who fails. */
export class Cursor {
  readonly #source: Source;
  readonly #dialect: Dialect;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #index = 0;
  #depth = 0;
  #closing: Int32Array | undefined;

  constructor(source: Source, dialect: Dialect) {
    this.#source = source;
    this.#dialect = dialect;
    this.#tokens = tokenize(source);
    this.#end = this.#tokens.at(-1) ?? { kind: 'end', text: '', line: 1, column: 1 };
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  take(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  /** Whether the next tokens are these keywords, names or symbols. */
  sees(...texts: readonly string[]): boolean {
    return this.seesAt(0, ...texts);
  }

  seesAt(ahead: number, ...texts: readonly string[]): boolean {
    return texts.every((text, index) => {
      const token = this.peek(ahead + index);
      return token.text === text && token.kind !== 'string' && token.kind !== 'end';
    });
  }

  /** Takes the next token if it is this keyword, name or symbol. */
  takeIf(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.#index += 1;
    return seen;
  }

  expect(text: string, wanted = `"${text}"`): Token {
    return this.sees(text) ? this.take() : this.fail(wanted);
  }

  expectKind(kind: Token['kind'], wanted: string): Token {
    return this.peek().kind === kind ? this.take() : this.fail(wanted);
  }

  fail(wanted: string): never {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end of the model' : `"${excerptOf(token.text)}"`;
    throw syntaxFailure(this.#source, token, `expected ${wanted}, found ${found}`);
  }

  refuse(at: Position, message: string): never {
    throw syntaxFailure(this.#source, at, message);
  }

  /** Marks a construction that only the union has. */
  unionOnly(rule: OpenkRule, at: Position): void {
    if (this.#dialect === 'openk') {
      throw syntaxFailure(this.#source, at, `the dialect openk refuses this: ${openkRules[rule]}`, {
        rule,
      });
    }
  }

  /** One level of nesting of the recursive descent; hostile nesting ends in `LCC.TOO_DEEP`. */
  nested<Node>(parse: () => Node): Node {
    this.#depth += 1;
    if (this.#depth > limits.modelDepth) this.tooDeep(this.peek());
    const node = parse();
    this.#depth -= 1;
    return node;
  }

  tooDeep(at: Position): never {
    const { file } = this.#source;
    throw failure(
      'LCC.TOO_DEEP',
      `${file}:${at.line}:${at.column}: nested deeper than ${limits.modelDepth} levels`,
      {
        facts: { file, line: at.line, column: at.column, limit: limits.modelDepth },
        next: 'Split the clause into roles.',
      },
    );
  }

  /** How far ahead the token after the `)` is that closes the `(` which is so far ahead. */
  afterParentheses(ahead: number): number {
    this.#closing ??= closingParentheses(this.#tokens);
    const closing = this.#closing[this.#index + ahead] ?? 0;
    return (closing === 0 ? this.#tokens.length : closing + 1) - this.#index;
  }
}

/** By the index of each `(`, that of its `)`; 0 where there is none. */
function closingParentheses(tokens: readonly Token[]): Int32Array {
  const closing = new Int32Array(tokens.length);
  const open: number[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'symbol') continue;
    if (token.text === '(') open.push(index);
    const opened = token.text === ')' ? open.pop() : undefined;
    if (opened !== undefined) closing[opened] = index;
  }
  return closing;
}

function excerptOf(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
