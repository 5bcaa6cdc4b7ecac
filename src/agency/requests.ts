import type { KeptPart, OnFailure, Policy, Request } from '../negotiation/values.ts';
import { machineOrders } from '../negotiation/withdraw.ts';
import { differences } from '../sla/edit.ts';
import type { ConversationId, SlaId } from '../sla/ids.ts';
import type { Sla } from '../sla/sla.ts';
import type { Template } from '../sla/template.ts';

export { onFailures, policies } from '../negotiation/values.ts';

/** How to negotiate: what the user chose by flags. */
export interface NegotiateOptions {
  /** A shipped model's name, or the path of a file. */
  readonly model: string;
  readonly policy: Policy;
  readonly onFailure: OnFailure;
  readonly accept: Request['accept'];
  /** Calls for proposals at most; 1 is a plain contract net. */
  readonly rounds: number;
  readonly replyWithinMs: number;
}

interface Identity {
  readonly sla: SlaId;
  readonly transaction: ConversationId;
  readonly nowMs: number;
  readonly replaces?: Sla;
}

export function requestFor(
  template: Template,
  options: NegotiateOptions,
  { sla, transaction, nowMs, replaces }: Identity,
): Request {
  return {
    sla,
    transaction,
    template,
    currency: currencyOf(template),
    createdMs: nowMs,
    policy: options.policy,
    onFailure: options.onFailure,
    accept: options.accept,
    replyWithinMs: options.replyWithinMs,
    round: 0,
    rounds: options.rounds,
    counters: {},
    attempt: 0,
    kept: replaces === undefined ? [] : keptOf(replaces, template),
    excluded: [],
    ...(replaces === undefined
      ? {}
      : {
          replaces: {
            sla: replaces.id,
            template: replaces.template,
            machines: machineOrders(replaces),
          },
        }),
  };
}

/** One SLA has one currency: that of its price limit, or else US dollars. */
function currencyOf({ limits }: Template): string {
  return limits.pricePerHour?.currency ?? 'USD';
}

/** Machines that the new template asks for just as the old one did. */
function keptOf(old: Sla, template: Template): readonly KeptPart[] {
  const changes = differences(old.template, template);
  const parts = new Map(old.composite.parts.map((part) => [part.machine, part]));
  return template.objectives.flatMap((objective) => {
    const stays =
      changes.unchanged.includes(objective.name) || changes.recounted.includes(objective.name);
    if (!stays) return [];
    const machines = old.machines.filter(
      (machine) => machine.objective === objective.name && machine.state === 'ready',
    );
    return machines.slice(0, objective.count).flatMap((machine): readonly KeptPart[] => {
      const part = parts.get(machine.name);
      return part === undefined ? [] : [{ part, machine, since: 'replaced' }];
    });
  });
}
