import type { Rule, RuleChecks } from '../check.ts';
import { v1 } from './v01-name.ts';
import { v2 } from './v02-description.ts';
import { v3 } from './v03-bid.ts';
import { v4 } from './v04-answers.ts';
import { v5 } from './v05-accept.ts';
import { v6 } from './v06-bind.ts';
import { v7 } from './v07-withdraw.ts';
import { v8 } from './v08-contracts.ts';
import { v9 } from './v09-abort.ts';
import { v10 } from './v10-measure.ts';
import { v11 } from './v11-offers.ts';
import { v12 } from './v12-move.ts';
import { v13 } from './v13-failures.ts';
import { v14 } from './v14-secrets.ts';

/** The checks of every rule; one that is missing does not compile. */
export const checksOf: Readonly<Record<Rule, RuleChecks>> = {
  V1: v1,
  V2: v2,
  V3: v3,
  V4: v4,
  V5: v5,
  V6: v6,
  V7: v7,
  V8: v8,
  V9: v9,
  V10: v10,
  V11: v11,
  V12: v12,
  V13: v13,
  V14: v14,
};
