import { Flags, type Interfaces } from '@oclif/core';
import type { Config } from '../agency/config.ts';
import { type NegotiateOptions, onFailures, policies } from '../agency/requests.ts';

/** Flags of the commands that call for proposals. */
export const negotiateFlags: NegotiateFlags = {
  accept: Flags.boolean({ description: 'accept the proposal when it meets the template' }),
  policy: Flags.option({ options: policies })({ description: 'what the best composite is' }),
  rounds: Flags.integer({ description: 'calls for proposals at most', min: 1, max: 100 }),
  model: Flags.string({ description: 'interaction model: a shipped name, or a file' }),
  'on-failure': Flags.option({ options: onFailures })({
    description: 'when a vendor cannot sign or start',
  }),
  'reply-within': Flags.integer({
    description: 'seconds vendors have to answer',
    min: 1,
    max: 3600,
  }),
};

interface NegotiateFlags {
  readonly accept: Interfaces.BooleanFlag<boolean>;
  readonly policy: Interfaces.OptionFlag<NegotiateOptions['policy'] | undefined>;
  readonly rounds: Interfaces.OptionFlag<number | undefined>;
  readonly model: Interfaces.OptionFlag<string | undefined>;
  readonly 'on-failure': Interfaces.OptionFlag<NegotiateOptions['onFailure'] | undefined>;
  readonly 'reply-within': Interfaces.OptionFlag<number | undefined>;
}

/** What was given by flags. */
export interface GivenNegotiateFlags {
  readonly accept: boolean;
  readonly policy?: NegotiateOptions['policy'] | undefined;
  readonly rounds?: number | undefined;
  readonly model?: string | undefined;
  readonly 'on-failure'?: NegotiateOptions['onFailure'] | undefined;
  readonly 'reply-within'?: number | undefined;
}

/** Flags before the configuration. */
export function negotiateOptions(
  given: GivenNegotiateFlags,
  { negotiate }: Pick<Config, 'negotiate'>,
): NegotiateOptions {
  const seconds = given['reply-within'];
  return {
    model: given.model ?? negotiate.model.value,
    policy: given.policy ?? negotiate.policy.value,
    onFailure: given['on-failure'] ?? negotiate.onFailure.value,
    accept: given.accept ? 'when-met' : 'ask',
    rounds: given.rounds ?? negotiate.rounds.value,
    replyWithinMs: seconds === undefined ? negotiate.replyWithinMs.value : seconds * 1000,
  };
}
