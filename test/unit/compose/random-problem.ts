import {
  type Choice,
  costOf,
  type Group,
  type Item,
  type PairRule,
  type Problem,
  violations,
} from '../../../src/negotiation/compose/problem.ts';
import { randomFrom } from '../../../src/negotiation/compose/search/random.ts';

/** Up to six objectives and five vendors, with every kind of constraint now and then. */
export function randomProblem(seed: number): Problem {
  const random = randomFrom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const vendors = 1 + below(5);
  const sitesEach = 1 + below(2);
  const placeCount = vendors * sitesEach;
  const groupCount = 1 + below(6);
  const capacities = below(3) * vendors;
  const rows = [
    { name: 'budget', available: 1 },
    ...Array.from({ length: capacities }, (_, r) => ({ name: `c${r}`, available: 4 + below(12) })),
  ];
  const groups = Array.from({ length: groupCount }, (_, g): Group => {
    const count = 1 + below(random() < 0.6 ? 1 : 3);
    const apartRow = random() < 0.2 ? rows.length : -1;
    if (apartRow >= 0) {
      for (let p = 0; p < placeCount; p++) rows.push({ name: `apart ${g}/${p}`, available: 1 });
    }
    const items: Item[] = [];
    for (let vendor = 0; vendor < vendors; vendor++) {
      for (let alternative = below(3); alternative > 0; alternative--) {
        const place = vendor * sitesEach + below(sitesEach);
        const price = 1 + below(30);
        const uses = [{ row: 0, amount: price }];
        for (let row = 1 + vendor; row <= capacities; row += vendors) {
          if (random() < 0.8) uses.push({ row, amount: 1 + below(4) });
        }
        if (apartRow >= 0) uses.push({ row: apartRow + place, amount: 1 });
        items.push({ cost: 1 + below(40), units: 1 + below(4), fixed: 0, place, vendor, uses });
      }
    }
    const group = { name: `g${g}`, count, items };
    const together = random();
    if (together < 0.1) return { ...group, together: 'place' };
    return together < 0.2 ? { ...group, together: 'vendor' } : group;
  });
  const prices = groups.map((group) => group.count * 14);
  rows[0] = {
    name: 'budget',
    available: Math.floor(prices.reduce((a, b) => a + b, 0) * (0.5 + random())),
  };
  const rules: PairRule[] = [];
  for (let n = below(4); n > 0 && groupCount > 1; n--) {
    const left = below(groupCount);
    const right = below(groupCount);
    const density = 0.4 + random() * 0.6;
    const compatible = new Uint8Array(placeCount ** 2);
    for (let a = 0; a < placeCount; a++) {
      for (let b = 0; b < placeCount; b++) {
        compatible[a * placeCount + b] = a === b || random() < density ? 1 : 0;
      }
    }
    rules.push({ left, right, compatible });
  }
  return { groups, rows, rules, placeCount };
}

/** Each of `size` groups takes one of two items; rows of coprime weights fit a few choices only. */
export function knapsacks(size: number): Problem {
  const random = randomFrom(7);
  const weights = Array.from({ length: size }, () =>
    Array.from({ length: 3 }, () => 500 + Math.floor(random() * 500)),
  );
  return {
    groups: weights.map((amounts, g) => ({
      name: `g${g}`,
      count: 1,
      items: [
        { cost: amounts.reduce((a, b) => a + b, 0) % 97, uses: [] },
        { cost: 0, uses: amounts.map((amount, row) => ({ row, amount })) },
      ].map(({ cost, uses }) => ({ cost, uses, units: 1, fixed: 0, place: -1, vendor: -1 })),
    })),
    rows: [0, 1, 2].map((r) => ({
      name: `r${r}`,
      available: weights.reduce((sum, amounts) => sum + (amounts[r] ?? 0), 0) / 2,
    })),
    rules: [],
    placeCount: 0,
  };
}

/**
 * Each group takes one of two items, and both sides of each row must come out exactly even: the
 * market split problem (Cornuéjols and Dawande), whose proofs are out of reach from 40 groups on.
 */
export function marketSplit(size: number): Problem {
  const random = randomFrom(3);
  const even = Array.from({ length: 4 }, () => 0);
  const groups = Array.from({ length: size }, (_, g): Group => {
    const amounts = even.map(() => 2 * Math.floor(random() * 50));
    amounts.forEach((amount, row) => {
      even[row] = (even[row] ?? 0) + amount / 2;
    });
    const items = [0, 1].map((side) => ({
      cost: side,
      units: 1,
      fixed: 0,
      place: -1,
      vendor: -1,
      uses: amounts.map((amount, row) => ({ row: 2 * row + side, amount })),
    }));
    return { name: `g${g}`, count: 1, items };
  });
  const rows = even.flatMap((available, r) => [
    { name: `left ${r}`, available },
    { name: `right ${r}`, available },
  ]);
  return { groups, rows, rules: [], placeCount: 0 };
}

/** Every choice there is, one group at a time; undefined when none is feasible. */
export function bruteForce(problem: Problem): { choice: Choice; cost: number } | undefined {
  const fills = problem.groups.map((group) => fillsOf(group));
  const rest = new Float64Array(problem.groups.length + 1);
  for (let g = problem.groups.length - 1; g >= 0; g--) {
    const cheapest = Math.min(...(fills[g] ?? []).map((fill) => fill.cost));
    rest[g] = (rest[g + 1] ?? 0) + cheapest;
  }
  let best: { choice: Choice; cost: number } | undefined;
  const taken = new Float64Array(problem.rows.length);
  const chosen: number[][] = [];
  const descend = (g: number, cost: number): void => {
    if (best !== undefined && cost + (rest[g] ?? 0) >= best.cost) return;
    if (g === problem.groups.length) {
      const choice = chosen.map((units) => [...units]);
      if (violations(problem, choice).length === 0)
        best = { choice, cost: costOf(problem, choice) };
      return;
    }
    for (const fill of fills[g] ?? []) {
      for (const { row, amount } of fill.uses) taken[row] = (taken[row] ?? 0) + amount;
      const fits = fill.uses.every(
        ({ row }) => (taken[row] ?? 0) <= (problem.rows[row]?.available ?? 0),
      );
      if (fits) {
        chosen[g] = fill.units;
        descend(g + 1, cost + fill.cost);
      }
      for (const { row, amount } of fill.uses) taken[row] = (taken[row] ?? 0) - amount;
    }
  };
  descend(0, 0);
  return best;
}

interface Fill {
  readonly units: number[];
  readonly cost: number;
  readonly uses: readonly { readonly row: number; readonly amount: number }[];
}

function fillsOf(group: Group): readonly Fill[] {
  const fills: Fill[] = [];
  const units: number[] = [];
  const descend = (i: number, left: number): void => {
    const item = group.items[i];
    if (item === undefined) {
      if (left > 0) return;
      fills.push({ units: [...units], cost: costIn(group, units), uses: usesIn(group, units) });
      return;
    }
    for (let n = item.fixed; n <= Math.min(left, item.units); n++) {
      units[i] = n;
      descend(i + 1, left - n);
    }
    units[i] = 0;
  };
  descend(0, group.count);
  return fills.sort((a, b) => a.cost - b.cost);
}

function costIn(group: Group, units: readonly number[]): number {
  return group.items.reduce((sum, item, i) => sum + item.cost * (units[i] ?? 0), 0);
}

function usesIn(group: Group, units: readonly number[]): Fill['uses'] {
  const uses = new Map<number, number>();
  group.items.forEach((item, i) => {
    for (const { row, amount } of item.uses) {
      if ((units[i] ?? 0) > 0) uses.set(row, (uses.get(row) ?? 0) + amount * (units[i] ?? 0));
    }
  });
  return [...uses].map(([row, amount]) => ({ row, amount }));
}
