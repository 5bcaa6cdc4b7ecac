/** The syntax tree of an interaction model. docs/lcc.md has the grammar; positions count from 1. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Model {
  readonly roles: readonly RoleDeclaration[];
  readonly annotations: readonly Annotation[];
  readonly clauses: readonly Clause[];
}

/** `r(name(Params), kind, min, max)` */
export interface RoleDeclaration {
  readonly name: string;
  readonly params: readonly string[];
  readonly kind: RoleKind;
  readonly min: number;
  readonly max: number;
  readonly at: Position;
}

export type RoleKind = 'initial' | 'necessary' | 'optional' | 'auxiliary';

/** `@annotation(@role(…), key, value)`; `target` and `value` are kept as terms. */
export interface Annotation {
  readonly on: 'role' | 'message' | 'constraint' | 'variable' | 'recurse';
  readonly target: readonly TermNode[];
  readonly value: readonly TermNode[];
  readonly at: Position;
}

/** `a(role(Params), Me) :: body` */
export interface Clause {
  readonly role: string;
  readonly params: readonly TermNode[];
  /** The variable that names the agent itself. */
  readonly me: string;
  readonly body: Body;
  readonly at: Position;
}

export type Body = Join | NullDef | RoleDef | SendDef | ReceiveDef;

/** `then` is right-associative and loosest; `or` is left-associative and binds tighter. */
export interface Join {
  readonly op: 'then' | 'par' | 'or';
  readonly left: Body;
  readonly right: Body;
}

export interface NullDef {
  readonly op: 'null';
  readonly guard?: Constraint;
  readonly at: Position;
}

/** A role change: `a(role(Args), Id) <- guard`. */
export interface RoleDef {
  readonly op: 'role';
  readonly target: AgentRef;
  readonly guard?: Constraint;
  readonly at: Position;
}

export interface SendDef {
  readonly op: 'send';
  readonly message: MessageNode;
  readonly target: AgentRef;
  readonly guard?: Constraint;
  readonly at: Position;
}

/** The guard is tested after the message matched and before it is consumed. */
export interface ReceiveDef {
  readonly op: 'receive';
  readonly message: MessageNode;
  readonly target: AgentRef;
  readonly guard?: Constraint;
  readonly at: Position;
}

/** `a(role(Args), Id)`: on sends and receives the other agent, on role changes oneself. */
export interface AgentRef {
  readonly role: string;
  readonly args: readonly TermNode[];
  /** A variable, `_` (in a send: everyone), or a constant id. */
  readonly id: VarNode | AnonymousNode | StringNode | StructNode;
  readonly at: Position;
}

export interface MessageNode {
  readonly name: string;
  readonly args: readonly TermNode[];
  readonly at: Position;
}

export type Constraint = AndNode | OrNode | NotNode | CallNode | CompareNode;

export interface AndNode {
  readonly op: 'and';
  readonly left: Constraint;
  readonly right: Constraint;
}

export interface OrNode {
  readonly op: 'or';
  readonly left: Constraint;
  readonly right: Constraint;
}

export interface NotNode {
  readonly op: 'not';
  readonly inner: Constraint;
}

export interface CallNode {
  readonly op: 'call';
  readonly name: string;
  readonly args: readonly TermNode[];
  readonly at: Position;
}

export interface CompareNode {
  readonly op: 'compare';
  readonly relation: Relation;
  readonly left: TermNode;
  readonly right: TermNode;
  readonly at: Position;
}

/** `=` unifies; `==` and `!=` compare without binding; the rest compare numbers. */
export type Relation = '=' | '==' | '!=' | '<' | '>' | '<=' | '>=';

export type TermNode = VarNode | AnonymousNode | NumberNode | StringNode | StructNode | ListNode;

export interface VarNode {
  readonly kind: 'variable';
  readonly name: string;
  readonly at: Position;
}

export interface AnonymousNode {
  readonly kind: 'anonymous';
  readonly at: Position;
}

/** `float` keeps 1.0 apart from 1 when printing; in a running model both are the number 1. */
export interface NumberNode {
  readonly kind: 'integer' | 'float';
  readonly value: number;
  readonly at: Position;
}

export interface StringNode {
  readonly kind: 'string';
  readonly value: string;
  readonly at: Position;
}

/** An atom when it has no arguments. */
export interface StructNode {
  readonly kind: 'struct';
  readonly name: string;
  readonly args: readonly TermNode[];
  readonly at: Position;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly TermNode[];
  /** After `|`. */
  readonly tail?: TermNode;
  readonly at: Position;
}
