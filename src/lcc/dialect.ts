/**
 * `union` is everything docs/lcc.md has; `openk` is the language of the OpenKnowledge kernel's own
 * parser, so that a model can be run there too.
 */
export type Dialect = 'union' | 'openk';

/** Why the kernel refuses a construction of the union, by rule. */
export const openkRules = {
  GUARD_LEFT: 'a guard stands right of the receive: message <= a(role, Id) <- guard',
  MESSAGE_PARENTHESES: 'a message has parentheses, also when it carries nothing',
  RECIPIENT_ARGUMENTS: 'the role of the other agent has no arguments',
  CONSTANT_ID: 'an agent is named by a variable or _',
  NULL_GUARD: 'null has a constraint',
  ROLE_GUARD: 'a role change has no guard',
  PAR: 'there is no par',
  CONSTRAINT_OPERATOR: 'constraints are joined by and alone: no or, no not, no parentheses',
  CONSTRAINT_CALL: 'a constraint has parentheses, also when it takes nothing',
  COMPOUND_ARGUMENT: 'an argument is a variable, a number or a string, not a compound term',
  ATOM_ARGUMENT: 'an argument is a variable, a number or a string, not an atom',
  LIST_ARGUMENT: 'an argument is a variable, a number or a string, not a list',
  ANONYMOUS_ARGUMENT: 'an argument is a variable, a number or a string, not _',
  RELATION: 'a comparison is one of = == < >',
  COMPARE_LEFT: 'a comparison has a variable on its left',
  LIST_OPERAND: 'a list is only unified, by =',
  LIST_PATTERN: 'a list is [], [Head | Tail] of two variables, or [items]',
  CLAUSE_SIGN: 'a clause is written with ::',
  CLAUSE_PARAMETER: 'the parameters of a clause are variables',
  ROLE_PARAMETERS: 'a role declaration has no parameters',
  UNDECLARED_ROLE: 'every role that a clause uses is declared',
  ANNOTATION_PLACE: 'an annotation stands before a clause',
  NO_CLAUSE: 'a model has a clause',
} as const;

export type OpenkRule = keyof typeof openkRules;
