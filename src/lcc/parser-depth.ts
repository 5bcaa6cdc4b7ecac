import { limits } from '../base/limits.ts';
import type { Body, Constraint, Model, Position, TermNode } from './ast.ts';

type Node = Body | Constraint | TermNode;

/**
 * The first node deeper than `limits.modelDepth`. The parser recurses into parentheses alone;
 * a long chain of `then` is as deep a tree without any, so the tree itself is measured.
 */
export function firstTooDeep(model: Model): Position | undefined {
  for (const clause of model.clauses) {
    const tooDeep = search([clause.body, ...clause.params], clause.at);
    if (tooDeep !== undefined) return tooDeep;
  }
  return undefined;
}

function search(roots: readonly Node[], start: Position): Position | undefined {
  const left: { node: Node; depth: number }[] = roots.map((node) => ({ node, depth: 1 }));
  let at = start;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, depth } = next;
    if ('at' in node) at = node.at;
    if (depth > limits.modelDepth) return at;
    for (const child of children(node)) left.push({ node: child, depth: depth + 1 });
  }
  return undefined;
}

function children(node: Node): readonly Node[] {
  if ('kind' in node) return termChildren(node);
  switch (node.op) {
    case 'then':
    case 'par':
    case 'or':
    case 'and':
    case 'compare':
      return [node.left, node.right];
    case 'not':
      return [node.inner];
    case 'call':
      return node.args;
    case 'null':
      return guards(node.guard);
    case 'role':
      return [...node.target.args, ...guards(node.guard)];
    case 'send':
    case 'receive':
      return [...node.message.args, ...node.target.args, ...guards(node.guard)];
  }
}

function termChildren(term: TermNode): readonly TermNode[] {
  if (term.kind === 'struct') return term.args;
  if (term.kind === 'list') return term.tail ? [...term.items, term.tail] : term.items;
  return [];
}

function guards(guard: Constraint | undefined): readonly Constraint[] {
  return guard ? [guard] : [];
}
