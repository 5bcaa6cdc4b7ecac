import type {
  AgentRef,
  Annotation,
  Body,
  Clause,
  Constraint,
  MessageNode,
  Model,
  RoleDeclaration,
  TermNode,
} from './ast.ts';

/** What fits into this many columns stays on one line. */
const LINE_COLUMNS = 90;

/**
 * The text of a model, with as few parentheses as the grammar needs. Parsing it yields the same
 * tree but for positions. Comments are not part of the tree and therefore lost.
 */
export function printModel(model: Model): string {
  const roles = model.roles.map(printRole).join('');
  const annotations = model.annotations.map(printAnnotation).join('');
  return [roles, annotations, ...model.clauses.map(printClause)]
    .filter((part) => part !== '')
    .join('\n');
}

/** One step of a body on one line, such as `cfp(O) => a(vendor, V)`. */
export function printDef(body: Exclude<Body, { op: 'then' | 'par' | 'or' }>): string {
  const guard = body.guard === undefined ? '' : ` <- ${printConstraint(body.guard)}`;
  switch (body.op) {
    case 'null':
      return `null${guard}`;
    case 'role':
      return `${printAgent(body.target)}${guard}`;
    case 'send':
      return `${printMessage(body.message)} => ${printAgent(body.target)}${guard}`;
    case 'receive':
      return `${printMessage(body.message)} <= ${printAgent(body.target)}${guard}`;
  }
}

/** A constraint as it stands after `<-`: an `or` there needs parentheses, since it is the body's. */
export function printConstraint(constraint: Constraint): string {
  switch (constraint.op) {
    case 'and':
      return `${printConstraint(constraint.left)} and ${printOperand(constraint.right)}`;
    case 'or':
      return `(${printAlternatives(constraint)})`;
    case 'not':
      return `not ${printOperand(constraint.inner)}`;
    case 'call':
      return `${constraint.name}(${printTerms(constraint.args)})`;
    case 'compare':
      return `${printTerm(constraint.left)} ${constraint.relation} ${printTerm(constraint.right)}`;
  }
}

export function printTerm(term: TermNode): string {
  switch (term.kind) {
    case 'variable':
      return term.name;
    case 'anonymous':
      return '_';
    case 'integer':
      return String(term.value);
    case 'float':
      return printFloat(term.value);
    case 'string':
      return JSON.stringify(term.value);
    case 'struct':
      return term.args.length === 0 ? term.name : `${term.name}(${printTerms(term.args)})`;
    case 'list': {
      const tail = term.tail === undefined ? '' : ` | ${printTerm(term.tail)}`;
      return `[${printTerms(term.items)}${tail}]`;
    }
  }
}

function printRole(role: RoleDeclaration): string {
  const params = role.params.length === 0 ? '' : `(${role.params.join(', ')})`;
  const max = role.max === Math.max(role.min, 1) ? '' : `, ${role.max}`;
  const bounds = role.min === 1 && max === '' ? '' : `, ${role.min}${max}`;
  return `r(${role.name}${params}, ${role.kind}${bounds})\n`;
}

function printAnnotation(annotation: Annotation): string {
  const { on, target, value } = annotation;
  return `@annotation(@${on}(${printTerms(target)}), ${printTerms(value)})\n`;
}

function printClause(clause: Clause): string {
  const head = `a(${printRoleName(clause.role, clause.params)}, ${clause.me}) ::`;
  return `${head}\n${layout(clause.body, '  ').join('\n')}\n`;
}

type Join = Extract<Body, { op: 'then' | 'par' | 'or' }>;

/** From the tightest to the loosest. */
const PRECEDENCE: readonly Join['op'][] = ['or', 'par', 'then'];

/** The operands of a chain of one operator, in order; it associates as the grammar does. */
function operands(join: Join): readonly Body[] {
  const { op } = join;
  const chain: Body[] = [];
  let rest: Body = join;
  if (op === 'then') {
    for (; rest.op === op; rest = rest.right) chain.push(rest.left);
    return [...chain, rest];
  }
  for (; rest.op === op; rest = rest.left) chain.push(rest.right);
  return [rest, ...chain.reverse()];
}

function isJoin(body: Body): body is Join {
  return body.op === 'then' || body.op === 'par' || body.op === 'or';
}

/** Whether an operand of a chain of `op` would be read differently without parentheses. */
function needsParentheses(body: Body, op: Join['op']): boolean {
  return isJoin(body) && PRECEDENCE.indexOf(body.op) >= PRECEDENCE.indexOf(op);
}

function onOneLine(body: Body): string {
  if (!isJoin(body)) return printDef(body);
  return operands(body)
    .map((operand) =>
      needsParentheses(operand, body.op) ? `( ${onOneLine(operand)} )` : onOneLine(operand),
    )
    .join(` ${body.op} `);
}

/** The lines of a body: one if it fits, else a chain with each operator at the start of a line. */
function layout(body: Body, indent: string): readonly string[] {
  const line = indent + onOneLine(body);
  return isJoin(body) && line.length > LINE_COLUMNS ? layoutChain(body, indent) : [line];
}

function layoutChain(body: Join, indent: string): readonly string[] {
  return operands(body).flatMap((operand, index) =>
    layoutOperand(operand, { op: body.op, indent, first: index === 0 }),
  );
}

function layoutOperand(
  operand: Body,
  chain: { readonly op: Join['op']; readonly indent: string; readonly first: boolean },
): readonly string[] {
  const { op, indent, first } = chain;
  const parentheses = needsParentheses(operand, op);
  const line = parentheses ? `( ${onOneLine(operand)} )` : onOneLine(operand);
  const sign = first ? '' : `${op} `;
  const fits = indent.length + sign.length + line.length <= LINE_COLUMNS;
  if (op === 'then' && (fits || !isJoin(operand))) return [`${indent}${sign}${line}`];
  const head = first ? [] : [`${indent}${op}`];
  if (fits || !isJoin(operand)) return [...head, `${indent}${line}`];
  const inner = layoutChain(operand, `${indent}  `);
  return parentheses ? [...head, `${indent}(`, ...inner, `${indent})`] : [...head, ...inner];
}

function printOperand(constraint: Constraint): string {
  const text = printConstraint(constraint);
  return constraint.op === 'and' ? `(${text})` : text;
}

/** Inside parentheses; the left of an `or` needs none of its own. */
function printAlternatives(constraint: Constraint): string {
  if (constraint.op !== 'or') return printConstraint(constraint);
  return `${printAlternatives(constraint.left)} or ${printConstraint(constraint.right)}`;
}

function printMessage(message: MessageNode): string {
  return `${message.name}(${printTerms(message.args)})`;
}

function printAgent(agent: AgentRef): string {
  return `a(${printRoleName(agent.role, agent.args)}, ${printTerm(agent.id)})`;
}

function printRoleName(role: string, args: readonly TermNode[]): string {
  return args.length === 0 ? role : `${role}(${printTerms(args)})`;
}

function printTerms(terms: readonly TermNode[]): string {
  return terms.map(printTerm).join(', ');
}

function printFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
