/** Every bound of the program, each with its reason. Units end the names. */
export const limits = {
  /** An SLA file larger than this is a mistake, not a template: 500 objectives need about 200 KiB. */
  slaFileBytes: 1_048_576,
  /** Composing stays within its time and memory goals up to here with thousands of alternatives. */
  slaObjectives: 500,
  /** Machines of one objective; one contract each. */
  objectiveCount: 1_000,
  /** Machines of one SLA; one contract each. */
  slaMachines: 2_000,
  /** A model is read on one screen; the largest shipped one has under 300 lines. */
  modelFileBytes: 262_144,
  /** Nesting of bodies, constraints and terms in a model: deeper is generated or hostile. */
  modelDepth: 200,
  /** Nesting of a term in a running model; lists count once. Keeps its walkers within the stack. */
  termDepth: 1_000,
  /** Messages an agent may have waiting for a role it does not play now. */
  inboxMessages: 10_000,
  /** An ACL message from outside; a bid of a whole catalogue is about 1 MiB. */
  aclMessageBytes: 4_194_304,
} as const;
