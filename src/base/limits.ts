/** Every bound of the program, each with its reason. Units end the names. */
export const limits = {
  /** An SLA file larger than this is a mistake, not a template: 500 objectives need about 200 KiB. */
  slaFileBytes: 1_048_576,
  /** Composing stays within its time and memory goals up to here with thousands of alternatives. */
  slaObjectives: 500,
  /** Lexical tokens of an SLA file: 500 full objectives have about 100,000; more costs seconds. */
  slaTokens: 400_000,
  /** Values in an SLA file after its aliases are expanded: 500 full objectives have 50,000. */
  slaNodes: 100_000,
  /** Nesting of an SLA file; the document itself is six deep. */
  slaDepth: 32,
  /** Problems listed of one SLA file: enough to correct it, and fits a screen or two. */
  slaProblems: 50,
  /** Entries of one list in an SLA: sites, vendors. */
  slaListEntries: 200,
  /** Characters of a name in an SLA: an SLA's, a site pattern, an image. */
  slaNameChars: 200,
  /** The largest machines on offer have 1,920 vCPUs, 32 TiB of memory, 64 TiB disks, 6.4 Tbit/s. */
  machineCpus: 4_096,
  machineMemoryMiB: 67_108_864,
  machineDiskGiB: 262_144,
  machineNetworkMbps: 20_000_000,
  /** Machines of one objective; one contract each. */
  objectiveCount: 1_000,
  /** Machines of one SLA; one contract each. */
  slaMachines: 2_000,
  /** A model is read in one sitting; the largest shipped one has 574 lines, 22 KiB. */
  modelFileBytes: 262_144,
  /** Nesting of bodies, constraints and terms in a model: deeper is generated or hostile. */
  modelDepth: 200,
  /** States that `model check` explores, a second of work; shipped models have under 5,000. */
  modelStates: 50_000,
  /** Moves that it tries in doing so. */
  modelMoves: 500_000,
  /** Ways in which one step may go on: nine answers to one constraint are many. */
  modelBranches: 500,
  /** Agents that it explores together; a shipped model has under ten. */
  modelAgents: 50,
  /** Nesting of a term in a running model; lists count once. Keeps its walkers within the stack. */
  termDepth: 1_000,
  /** Ways to go on in one choice of a model; the message-committing rule multiplies them. */
  choiceAlternatives: 1_000,
  /** Sub-roles inside sub-roles of one agent: one per item of a long list, never a loop. */
  roleDepth: 10_000,
  /** Rewrites of one step: a model that does more without waiting for anything never will. */
  stepRewrites: 2_000_000,
  /** An agent's saved state: it is written with every step. */
  agentStateBytes: 16_777_216,
  /** Messages an agent may have waiting for a role it does not play now. */
  inboxMessages: 10_000,
  /** An ACL message from outside; a bid of a whole catalogue is about 1 MiB. */
  aclMessageBytes: 4_194_304,
  /** Nesting of expressions and of resolvers in an ACL message: FIPA's own are three deep. */
  aclDepth: 32,
  /** Words, strings and lists in an ACL message besides its content, which is one string. */
  aclValues: 100_000,
  /** V9: how long a vendor may take to settle after its call was aborted. */
  vendorAbortGraceMs: 5_000,
  /** Describing, bidding, signing, listing, measuring: some round trips, with the SDK's retries. */
  vendorCallMs: 60_000,
  /** Starting a machine from a large image, or seeing one gone, takes minutes at real providers. */
  vendorMachineMs: 900_000,
  /** Moving the memory and disks of a large machine over a slow link. */
  vendorTransferMs: 14_400_000,
  /** Alternatives in one bid: a whole catalogue of 1,300 shapes in three zones. */
  vendorProposals: 4_000,
  /** Contracts, hosts, measurements or progress reports in one listing: fifty full-sized SLAs. */
  vendorItems: 100_000,
  /** Ids, site, shape and host names of a vendor; they become column values and tags. */
  vendorNameChars: 200,
  /** A refusal's detail, an endpoint, a progress line of a vendor. */
  vendorTextChars: 2_000,
  /** A URI and a token for the other side of a move. */
  vendorTicketBytes: 65_536,
  /** Waiting for another process's commit, which takes milliseconds; longer means it hangs. */
  storeBusyMs: 5_000,
  /** A store that grows beyond this is a leak: the bounds below keep it under 1 GiB. */
  storeBytes: 8_589_934_592,
  /** Ended conversations whose trace and answers are kept; about 200 KiB each. */
  storeEndedConversations: 2_000,
  /** SLAs without machines that are kept for the record; about 20 KiB each. */
  storeEndedSlas: 10_000,
  /** A trace keeps its newest messages: 8n + 6 for 2,000 machines fit six times over. */
  storeTraceMessages: 100_000,
  /** How far a vendor's list may lag behind: what was signed since is unknown, not gone. */
  vendorListLagMs: 60_000,
  /** An SLA and those it replaced, one after the other, whose messages one trace shows. */
  traceSlas: 100,
  /** SLAs that one name or prefix can mean; an answer with more helps nobody. */
  storeSlaMatches: 100,
  /** Steps between two saves: a model that never rests still saves, and can be interrupted. */
  stepsPerSave: 2_000,
  /** A lease: long enough for a slow disk, short enough that a stopped process is not waited for. */
  leaseMs: 10_000,
  /** How often a process that waits for another's lease looks again. */
  leasePollMs: 250,
  /** One answer of EC2: all instance types of a region at once are about 12 MiB. */
  ec2ReplyBytes: 67_108_864,
  /** Tries of one EC2 request, half a second to two apart: longer trouble is for the caller. */
  ec2Attempts: 3,
  /** How long a change that was sent is waited for after an abort; V9 allows 5,000 ms. */
  ec2LingerMs: 4_000,
  /** How long a shape that EC2 had no room for is left out of bids: room comes back in minutes. */
  ec2GoneMs: 600_000,
  /** Pages of one EC2 listing: 100 instance types or 1,000 machines each. */
  ec2Pages: 1_000,
  /** A price book; all regions of one provider are about 3 MiB. */
  ec2PriceBookBytes: 16_777_216,
  /** A kept catalogue or price list; a region's is about 100 KiB. */
  ec2KeptBytes: 16_777_216,
  /** Machines of one vendor that are signed, started or ended side by side. */
  vendorCallsAtOnce: 8,
  /** How often a call that may succeed later is made, and the first pause, doubled each time. */
  vendorTries: 4,
  vendorRetryMs: 250,
  /** How long vendors have to answer a call for proposals, unless the user says otherwise. */
  replyWithinMs: 20_000,
  /** A simulated market: each bid looks at every host of it. */
  perfcloudHosts: 10_000,
  /** perfcloud's transactions take milliseconds: with 40 ms each, a lock held for 4 s is stuck. */
  perfcloudLockAttempts: 100,
  /** SIGKILL ends a process at once, but for one that the disk keeps waiting. */
  perfcloudGuestEndMs: 5_000,
} as const;
