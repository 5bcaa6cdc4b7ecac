/**
 * Reads one YAML document (JSON is YAML) into plain values whose places in the text are known.
 * Work and memory are bounded for any text: tokens, nesting, and values after aliases are expanded.
 */
import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type ParsedNode,
  Parser,
  type YAMLMap,
} from 'yaml';
import { limits } from '../base/limits.ts';
import { quote } from '../base/quote.ts';
import type { Path, Position, Problem } from './problem.ts';

export interface YamlText {
  /** Plain data; `undefined` when the text cannot be read at all. */
  readonly value: unknown;
  /** What the text itself breaks: syntax, duplicate keys, tags, lost anchors. */
  readonly problems: readonly (Problem & { readonly offset: number })[];
  /** Where the value at `path`, or the field `key` in it, stands; else the nearest around it. */
  readonly locate: (path: Path, key?: string) => number;
  readonly position: (offset: number) => Position;
}

export function readYaml(text: string): YamlText {
  const reader = new Reader();
  const root = isTooLong(text, reader) ? undefined : compose(text, reader);
  const position = positions(text);
  const located = root === undefined ? undefined : reader.read(root, [], 0);
  return {
    value: located?.value,
    problems: reader.problems,
    locate: (path, key) => offsetOf(located, path, key),
    position,
  };
}

interface Located {
  readonly value: unknown;
  readonly offset: number;
  readonly children?: ReadonlyMap<string | number, Child>;
}

interface Child {
  readonly keyOffset: number;
  readonly located: Located;
}

class Reader {
  readonly problems: (Problem & { readonly offset: number })[] = [];
  readonly #anchors = new Map<string, ParsedNode>();
  #nodes = 0;

  report(offset: number, detail: string, path: Path = []): undefined {
    if (this.problems.length < limits.slaProblems * 2) this.problems.push({ offset, path, detail });
    return undefined;
  }

  read(node: ParsedNode | null, path: Path, around: number): Located {
    const offset = node?.range[0] ?? around;
    this.#nodes += 1;
    if (this.#nodes > limits.slaNodes || path.length > limits.slaDepth) {
      if (this.#nodes !== Number.POSITIVE_INFINITY) this.#tooMuch(offset);
      return { value: null, offset };
    }
    if (node === null) return { value: null, offset };
    if (isAlias(node)) return this.#readAlias(node.source, path, offset);
    if (node.tag !== undefined) {
      this.report(offset, `found the tag ${quote(node.tag)}; allowed are plain values`, path);
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#readMap(node, path, offset);
    if (!isSeq(node)) return { value: isScalar(node) ? node.value : null, offset };
    const children = new Map<number, Child>();
    for (const [index, item] of node.items.entries()) {
      const located = this.read(item, [...path, index], offset);
      children.set(index, { keyOffset: located.offset, located });
    }
    const value = [...children.values()].map((child) => child.located.value);
    return { value, offset, children };
  }

  #readMap(node: YAMLMap.Parsed, path: Path, offset: number): Located {
    const children = new Map<string, Child>();
    for (const pair of node.items) {
      const keyOffset = pair.key.range[0];
      const key = isScalar(pair.key) ? `${pair.key.value}` : '';
      if (key === '__proto__') {
        this.report(keyOffset, `found the field ${quote(key)}; allowed is no such name`, path);
        continue;
      }
      if (children.has(key)) {
        this.report(keyOffset, `found the field ${quote(key)} twice; allowed is once`, path);
      }
      children.set(key, { keyOffset, located: this.read(pair.value, [...path, key], keyOffset) });
    }
    const entries = [...children].map(([key, child]) => [key, child.located.value] as const);
    return { value: Object.fromEntries(entries), offset, children };
  }

  #readAlias(name: string, path: Path, offset: number): Located {
    const target = this.#anchors.get(name);
    if (target !== undefined) return { ...this.read(target, path, offset), offset };
    const detail = `found the alias *${name}, which has no anchor before it; ${quoteHint}`;
    this.report(offset, detail, path);
    return { value: null, offset };
  }

  /** Once: what follows would repeat it for every value. */
  #tooMuch(offset: number): void {
    this.#nodes = Number.POSITIVE_INFINITY;
    this.report(
      offset,
      `found more than ${limits.slaNodes} values or ${limits.slaDepth} levels, ` +
        'aliases expanded; allowed are fewer',
    );
  }
}

const quoteHint = "a pattern that begins with * needs quotes, such as '*-north'";

/** The one document's root, with every syntax error reported; stops early when there are many. */
function compose(text: string, reader: Reader): ParsedNode | null | undefined {
  const tokens = boundedTokens(text, reader);
  const composer = new Composer({
    uniqueKeys: false,
    stringKeys: true,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  let root: ParsedNode | null | undefined;
  let documents = 0;
  for (const document of composer.compose(tokens, true, text.length)) {
    documents += 1;
    if (documents > 1) {
      reader.report(document.range[0], 'found a second document; allowed is one');
      break;
    }
    root = document.contents;
    for (const error of document.errors) {
      const hint = error.code === 'BAD_ALIAS' ? `; ${quoteHint}` : '';
      reader.report(error.pos[0], `${error.message}${hint}`);
    }
  }
  return reader.problems.length === 0 ? root : undefined;
}

function isTooLong(text: string, reader: Reader): boolean {
  const bytes = text.length > limits.slaFileBytes ? text.length : Buffer.byteLength(text);
  if (bytes <= limits.slaFileBytes) return false;
  reader.report(0, `found ${bytes} bytes; allowed are ${limits.slaFileBytes}`);
  return true;
}

type CstToken = ReturnType<Parser['next']> extends Generator<infer Token> ? Token : never;

/** The parser's stack is the nesting; composing recurses, so it must not see a deeper one. */
function* boundedTokens(text: string, reader: Reader): Generator<CstToken, void> {
  const parser = new Parser();
  let count = 0;
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') errors += 1;
      yield token;
    }
    const deep = parser.stack.length > limits.slaDepth * 2;
    if (!deep && count <= limits.slaTokens && errors <= limits.slaProblems) continue;
    const found = deep ? 'more levels of nesting' : 'more text';
    if (errors <= limits.slaProblems) {
      reader.report(parser.offset, `found ${found} than any SLA needs; allowed is less`);
    }
    return;
  }
  yield* parser.end();
}

function offsetOf(root: Located | undefined, path: Path, key?: string): number {
  let at = root;
  let offset = root?.offset ?? 0;
  for (const step of path) {
    const child = at?.children?.get(step);
    if (child === undefined) return offset;
    at = child.located;
    offset = typeof step === 'string' ? child.keyOffset : child.located.offset;
  }
  if (key !== undefined) return at?.children?.get(key)?.keyOffset ?? offset;
  return at?.children === undefined ? (at?.offset ?? offset) : offset;
}

function positions(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
