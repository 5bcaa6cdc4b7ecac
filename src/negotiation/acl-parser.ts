import type { Failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { quote } from '../base/quote.ts';
import type { AclMessage, Expression } from './acl.ts';
import { aclFailure, checkAcl, checkLength } from './acl-check.ts';

/**
 * Reads `fipa.acl.rep.string.std` (SC00070), acts and parameters in any case, as JADE writes them in
 * capitals. Throws ACL.MALFORMED with line and column, ACL.UNKNOWN_ACT or ACL.TOO_LONG.
 */
export function parseAcl(text: string): AclMessage {
  checkLength(text);
  return checkAcl(new Parser(text).message());
}

/** What the text says, by parameter; whether that makes a message is the check's question. */
type Fields = Readonly<Record<string, unknown>>;

class Parser {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `Message = "(" MessageType MessageParameter* ")"` */
  message(): Fields {
    this.#expect('(');
    const performative = this.#atom('an act');
    const parameters = this.#parameters((name) => {
      if (name === 'sender') return this.#agent(1);
      if (name === 'receiver' || name === 'reply-to') {
        return this.#list('set', () => this.#agent(1));
      }
      return this.#expression(1);
    });
    if (this.#peek() !== '') throw this.#wrong('the end of the message');
    return { performative, ...parameters };
  }

  /** `AgentIdentifier = "(" "agent-identifier" … ")"` */
  #agent(depth: number): Fields {
    this.#checkDepth(depth);
    this.#expect('(');
    this.#keyword('agent-identifier');
    return this.#parameters((name) => {
      if (name === 'addresses') return this.#list('sequence', () => this.#expression(depth + 1));
      if (name === 'resolvers') return this.#list('sequence', () => this.#agent(depth + 1));
      return this.#expression(depth + 1);
    });
  }

  /** `( ":" name value )* ")"`, each value as `read` takes it. */
  #parameters(read: (name: string) => unknown): Fields {
    const fields = new Map<string, unknown>();
    while (!this.#accept(')')) {
      this.#peek();
      const start = this.#at;
      const word = this.#atom('a parameter or )');
      const name = word.slice(1).toLowerCase();
      if (!word.startsWith(':') || fields.has(name)) {
        this.#at = start;
        throw this.#wrong(fields.has(name) ? `:${name} only once` : 'a parameter or )');
      }
      // The case of one's own parameters is theirs.
      fields.set(name.startsWith('x-') ? word.slice(1) : name, read(name));
    }
    return Object.fromEntries(fields);
  }

  /** `"(" head item* ")"` */
  #list<Item>(head: string, item: () => Item): readonly Item[] {
    this.#expect('(');
    this.#keyword(head);
    const items: Item[] = [];
    while (!this.#accept(')')) items.push(item());
    return items;
  }

  /** `Expression = Word | String | Number | DateTime | "(" Expression* ")"` */
  #expression(depth: number): Expression {
    this.#checkDepth(depth);
    this.#values += 1;
    if (this.#values > limits.aclValues) throw this.#wrong(`at most ${limits.aclValues} values`);
    const next = this.#peek();
    if (next === '"') return this.#quoted();
    if (next === '#') return this.#counted();
    if (!this.#accept('(')) return this.#atom('a value');
    const items: Expression[] = [];
    while (!this.#accept(')')) items.push(this.#expression(depth + 1));
    return items;
  }

  /** `'"' ( ~'"' | '\"' )* '"'`; a backslash before anything else stands for itself. */
  #quoted(): string {
    const start = this.#at;
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end === -1) throw this.#wrong('a string that ends with "');
    } while (this.#text[end - 1] === '\\');
    this.#at = end + 1;
    return this.#text.slice(start + 1, end).replaceAll('\\"', '"');
  }

  /** `"#" Digit+ '"'` and so many bytes of UTF-8. */
  #counted(): string {
    const [prefix, digits] = /^#(\d{1,9})"/.exec(this.#text.slice(this.#at, this.#at + 11)) ?? [];
    if (prefix === undefined) throw this.#wrong('a length in bytes, such as #5"bytes');
    const start = this.#at + prefix.length;
    let end = start;
    let missing = Number(digits);
    while (missing > 0 && end < this.#text.length) {
      const code = this.#text.codePointAt(end) ?? 0;
      missing -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      end += code < 0x10000 ? 1 : 2;
    }
    if (missing !== 0) throw this.#wrong(`a string of ${digits} bytes`);
    this.#at = end;
    return this.#text.slice(start, end);
  }

  /** A word, number or date: all up to the next blank or parenthesis. */
  #atom(what: string): string {
    this.#peek();
    const start = this.#at;
    let end = start;
    while (!isBlank(this.#text, end) && !'()'.includes(this.#text[end] ?? '(')) end += 1;
    if (end === start) throw this.#wrong(what);
    this.#at = end;
    return this.#text.slice(start, end);
  }

  #keyword(expected: string): void {
    this.#peek();
    const start = this.#at;
    if (this.#atom(expected).toLowerCase() === expected) return;
    this.#at = start;
    throw this.#wrong(expected);
  }

  #expect(token: '(' | ')'): void {
    if (!this.#accept(token)) throw this.#wrong(token);
  }

  #accept(token: '(' | ')'): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  /** The character after any blanks; empty at the end. */
  #peek(): string {
    while (isBlank(this.#text, this.#at)) this.#at += 1;
    return this.#text[this.#at] ?? '';
  }

  #checkDepth(depth: number): void {
    if (depth > limits.aclDepth) throw this.#wrong(`at most ${limits.aclDepth} levels`);
  }

  #wrong(expected: string): Failure {
    const before = this.#text.slice(0, this.#at).split('\n');
    const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    const rest = this.#text.slice(this.#at, this.#at + 20);
    const found = rest === '' ? 'the end' : quote(rest);
    return aclFailure('ACL.MALFORMED', `message ${place}: found ${found}; expected ${expected}`);
  }
}

/** The grammar's blanks are all characters up to the space. */
function isBlank(text: string, at: number): boolean {
  return text.charCodeAt(at) <= 0x20;
}
