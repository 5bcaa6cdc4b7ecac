import type { Body, Model } from '../../../src/lcc/ast.ts';
import { parseModel } from '../../../src/lcc/parser.ts';

/** A tree without its positions, to compare what was written apart from where. */
export function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== 'at');
  return Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]));
}

/** The operators of a body in prefix form; `A`, `B`, … are role changes to roles a, b, … */
export function shape(body: Body): string {
  if (body.op === 'then' || body.op === 'par' || body.op === 'or') {
    return `${body.op}(${shape(body.left)},${shape(body.right)})`;
  }
  return body.op === 'role' ? body.target.role.toUpperCase() : body.op;
}

/** Parses `A or B then C`: each capital letter is a role change. */
export function bodyOf(text: string): Body {
  const roles = text.replace(/[A-Z]/g, (name) => `a(${name.toLowerCase()}, Me)`);
  const [clause] = parseModel(`a(main, Me) :: ${roles}`).clauses;
  if (clause === undefined) throw new Error('no clause');
  return clause.body;
}

export function parsed(text: string): Model {
  return parseModel(text, { file: 'test.lcc' });
}
