import fc from 'fast-check';
import type {
  AgentRef,
  Annotation,
  Body,
  Clause,
  Constraint,
  Model,
  RoleDeclaration,
  TermNode,
} from '../../../src/lcc/ast.ts';

// Trees of every form. What no text can say is left out: a message, or a constraint, called `a`;
// a comparison whose right side could be read as the sender of a receive.
const at = { line: 1, column: 1 };
const KEYWORDS = ['null', 'then', 'or', 'par', 'and', 'not'];

const name = fc
  .oneof(
    fc.constantFrom('p', 'ready', 'r', 'b', 'thenceforth', 'x.y:z@w', '$n_1', 'nullify'),
    fc.stringMatching(/^[a-z$][A-Za-z0-9$_:.@]{0,5}$/),
  )
  .filter((text) => !KEYWORDS.includes(text) && text !== 'a');
const variable = fc.stringMatching(/^[A-Z][A-Za-z0-9$_]{0,4}$/);

const number = fc.oneof(
  fc.record({
    kind: fc.constant('integer' as const),
    value: fc.maxSafeInteger().map((value) => value + 0),
    at: fc.constant(at),
  }),
  fc.record({
    kind: fc.constant('float' as const),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    at: fc.constant(at),
  }),
);

const { term } = fc.letrec<{ term: TermNode }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ kind: fc.constant('variable' as const), name: variable, at: fc.constant(at) }),
    fc.record({ kind: fc.constant('anonymous' as const), at: fc.constant(at) }),
    number,
    fc.record({ kind: fc.constant('string' as const), value: text(), at: fc.constant(at) }),
    fc.record({
      kind: fc.constant('struct' as const),
      name,
      args: fc.array(tie('term'), { maxLength: 3 }),
      at: fc.constant(at),
    }),
    fc
      .record({
        kind: fc.constant('list' as const),
        items: fc.array(tie('term'), { maxLength: 3 }),
        tail: fc.option(tie('term'), { nil: undefined }),
        at: fc.constant(at),
      })
      .map(({ tail, ...list }) =>
        tail === undefined || list.items.length === 0 ? list : { ...list, tail },
      ),
  ),
}));

function text() {
  return fc.string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\t', '\ud800'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    maxLength: 6,
  });
}

const terms = fc.array(term, { maxLength: 3 });

const { constraint } = fc.letrec<{ constraint: Constraint }>((tie) => ({
  constraint: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ op: fc.constant('call' as const), name, args: terms, at: fc.constant(at) }),
    fc.record({
      op: fc.constant('compare' as const),
      relation: fc.constantFrom('=' as const, '==', '!=', '<', '>', '<=', '>='),
      left: term,
      right: term,
      at: fc.constant(at),
    }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or'),
      left: tie('constraint'),
      right: tie('constraint'),
    }),
    fc.record({ op: fc.constant('not' as const), inner: tie('constraint') }),
  ),
}));

const agent: fc.Arbitrary<AgentRef> = fc.record({
  role: name,
  args: terms,
  id: fc.oneof(
    fc.record({ kind: fc.constant('variable' as const), name: variable, at: fc.constant(at) }),
    fc.record({ kind: fc.constant('anonymous' as const), at: fc.constant(at) }),
    fc.record({ kind: fc.constant('string' as const), value: text(), at: fc.constant(at) }),
    fc.record({
      kind: fc.constant('struct' as const),
      name,
      args: fc.constant([]),
      at: fc.constant(at),
    }),
  ),
  at: fc.constant(at),
});

const message = fc.record({ name, args: terms, at: fc.constant(at) });
const guard = fc.option(constraint, { nil: undefined });

const def: fc.Arbitrary<Body> = fc
  .oneof(
    fc.record({ op: fc.constant('null' as const), guard, at: fc.constant(at) }),
    fc.record({ op: fc.constant('role' as const), target: agent, guard, at: fc.constant(at) }),
    fc.record({
      op: fc.constantFrom('send' as const, 'receive'),
      message,
      target: agent,
      guard,
      at: fc.constant(at),
    }),
  )
  .map(({ guard: asked, ...rest }) => (asked === undefined ? rest : { ...rest, guard: asked }));

const { body } = fc.letrec<{ body: Body }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 6, withCrossShrink: true, depthSize: 'large' },
    def,
    fc.record({
      op: fc.constantFrom('then' as const, 'par', 'or'),
      left: tie('body'),
      right: tie('body'),
    }),
  ),
}));

const roleDeclaration: fc.Arbitrary<RoleDeclaration> = fc.record({
  name,
  params: fc.array(variable, { maxLength: 2 }),
  kind: fc.constantFrom('initial', 'necessary', 'optional', 'auxiliary'),
  min: fc.nat(3),
  max: fc.nat(60),
  at: fc.constant(at),
});

const annotation: fc.Arbitrary<Annotation> = fc.record({
  on: fc.constantFrom('role', 'message', 'constraint', 'variable', 'recurse'),
  target: fc.array(term, { minLength: 1, maxLength: 2 }),
  value: fc.array(term, { minLength: 1, maxLength: 2 }),
  at: fc.constant(at),
});

const clause: fc.Arbitrary<Clause> = fc.record({
  role: name,
  params: terms,
  me: variable,
  body,
  at: fc.constant(at),
});

/** Any model that a text can say. */
export const model: fc.Arbitrary<Model> = fc.record({
  roles: fc.array(roleDeclaration, { maxLength: 3 }),
  annotations: fc.array(annotation, { maxLength: 2 }),
  clauses: fc.array(clause, { maxLength: 3 }),
});
