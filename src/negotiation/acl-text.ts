import type { AclMessage, AgentIdentifier, Expression } from './acl.ts';

/**
 * A message as `fipa.acl.rep.string.std` (SC00070), which `parseAcl` reads back to the same:
 *
 *   (propose :sender (agent-identifier :name aws@local) :content "…" :conversation-id "0192…")
 */
export function printAcl(message: AclMessage): string {
  const { performative, sender, receiver, content, ...rest } = message;
  const { 'reply-to': replyTo, 'reply-by': replyBy, ...expressions } = rest;
  const parts = [
    ...(sender === undefined ? [] : [`:sender ${printAgent(sender)}`]),
    ...(receiver === undefined ? [] : [`:receiver ${printSet(receiver)}`]),
    ...(replyTo === undefined ? [] : [`:reply-to ${printSet(replyTo)}`]),
    ...(content === undefined ? [] : [`:content ${printString(content)}`]),
    ...(replyBy === undefined ? [] : [`:reply-by ${replyBy}`]),
    ...printExpressions(expressions),
  ];
  return `(${[performative, ...parts].join('\n ')})`;
}

function printAgent(agent: AgentIdentifier): string {
  const { name, addresses, resolvers, ...own } = agent;
  const parts = [
    `:name ${printAtom(name)}`,
    ...(addresses === undefined
      ? []
      : [`:addresses ${printList('sequence', addresses.map(printAtom))}`]),
    ...(resolvers === undefined
      ? []
      : [`:resolvers ${printList('sequence', resolvers.map(printAgent))}`]),
    ...printExpressions(own),
  ];
  return printList('agent-identifier', parts);
}

function printSet(agents: readonly AgentIdentifier[]): string {
  return printList('set', agents.map(printAgent));
}

function printExpressions(expressions: Readonly<Record<string, Expression>>): readonly string[] {
  return Object.entries(expressions).map(([name, value]) => `:${name} ${printExpression(value)}`);
}

function printExpression(expression: Expression): string {
  if (typeof expression === 'string') return printAtom(expression);
  return `(${expression.map(printExpression).join(' ')})`;
}

function printList(head: string, items: readonly string[]): string {
  return `(${[head, ...items].join(' ')})`;
}

/** As a word where it is one by the grammar, and cannot be taken for a parameter. */
function printAtom(text: string): string {
  return /^[^\s\p{Cc}()#0-9@":-][^\s\p{Cc}()"]*$/u.test(text) ? text : printString(text);
}

/**
 * In quotes, or with its length in bytes: the grammar has no way to write a text in quotes that
 * ends with a backslash.
 */
function printString(text: string): string {
  if (text.endsWith('\\')) return `#${Buffer.byteLength(text)}"${text}`;
  return `"${text.replaceAll('"', '\\"')}"`;
}
