/**
 * Names of the agents of one conversation. The part before the first `:` is the role an agent
 * begins in; all but the initiator are begun by the first message to them.
 */
export function roleOfAgent(agent: string): string {
  return agent.split(':', 1)[0] ?? agent;
}

/** One vendor's part in one objective. */
export function vendorAgent(vendor: string, objective: string): string {
  return `vendor:${vendor}:${objective}`;
}

/** The vendor instance that an agent speaks for. */
export function vendorOfAgent(agent: string): string {
  return agent.split(':')[1] ?? agent;
}

export function objectiveOfAgent(agent: string): string {
  return agent.split(':')[2] ?? '';
}
