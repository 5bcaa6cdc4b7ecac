/**
 * The automata of the Cloud Agency (CLOSER 2011, section 5, figures 3 to 5) as tables, one row for
 * each numbered event and each state. The Vendor is not drawn in the paper: it is the participant
 * of a contract net. Rows without a code are those that the paper does not number.
 */
export interface Row {
  readonly agent: 'Client' | 'Negotiator' | 'Mediator' | 'Vendor';
  readonly state: string;
  readonly code?: string;
  readonly on: string;
  readonly next: string;
}

/** Every test of a row bears this title. */
export function titleOf({ agent, state, code, on, next }: Row): string {
  const event = code === undefined ? on : `${code} ${on}`;
  return `CLOSER'11 §${sections[agent]} ${agent} ${state}: ${event} leads to ${next}`;
}

const sections = { Client: '5.2', Negotiator: '5.3', Mediator: '5.4', Vendor: '5.5' } as const;

export const automata: readonly Row[] = [
  ...rowsOf(
    'Client',
    `
    S0 | 1   | requirements             | S1
    S1 | 2   | propose                  | S2
    S1 | 101 | REFUSE                   | S5
    S1 | 100 | FAILURE                  | S5
    S1 | 105 | an unreadable SLA        | S5
    S1 | 200 | an incorrect protocol    | S5
    S2 | 3   | accept                   | S3
    S2 | 102 | refuse                   | S5
    S2 | 6   | renegotiate              | S1
    S3 | 4   | inform                   | S4
    S3 | 103 | FAILURE                  | S5
    S3 | 104 | an unreadable SLA        | S5
    S3 | 201 | an unknown message       | S5
    S4 |     | the signed SLA           | announced resources
    S5 | 5   | what failed              | S0
    `,
  ),
  ...rowsOf(
    'Negotiator',
    `
    S0 | 1   | cfp                            | S1
    S0 | 101 | an unreadable cfp              | S8
    S0 | 200 | an unknown message             | S8
    S1 | 6   | the last objective             | S5
    S1 | 2   | an objective                   | S2
    S1 | 101 | an unreadable objective        | S8
    S2 | 3   | agree                          | S3
    S2 | 100 | refuse                         | S8
    S2 | 200 | an unknown message             | S8
    S3 | 4   | inform-done-proxy              | S4
    S3 | 102 | failure-no-match               | S8
    S3 | 200 | an unknown message             | S8
    S4 | 5   | reply-message-sub-protocol     | S1
    S4 | 104 | an unreadable objective        | S8
    S4 | 200 | an unknown message             | S8
    S5 | 7   | the SLA                        | S6
    S5 | 105 | content that cannot be set     | S8
    S6 | 12  | cfp                            | S1
    S6 | 105 | an unreadable cfp              | S8
    S6 | 8   | accept-proposal                | S7
    S6 |     | reject-proposal                | S0
    S6 | 200 | an unknown message             | S8
    S7 | 9   | agree                          | S0
    S7 | 101 | failure                        | S8
    S7 | 200 | an unknown message             | S8
    S8 | 10  | messages to Client and Mediator | S0
    `,
  ),
  ...rowsOf(
    'Mediator',
    `
    S0 | 3   | proxy                          | S1
    S0 | 101 | no vendor                      | S4
    S0 |     | subscribe                      | S3
    S0 | 103 | an unreadable proxy            | S4
    S0 | 200 | an unknown message             | S4
    S1 | 2   | the objective                  | S2
    S1 | 104 | an objective that fits no call | S4
    S2 | 3   | propose                        | S0
    S2 | 101 | refuse                         | S4
    S2 | 201 | an unknown message             | S4
    S3 | 5   | inform-done                    | S0
    S3 | 107 | failure                        | S4
    S3 | 200 | an unknown message             | S4
    S4 |     | what went wrong                | S0
    `,
  ),
  ...rowsOf(
    'Vendor',
    `
    V0 |     | cfp within its capability      | V1
    V0 |     | cfp beyond it                  | V0
    V1 |     | accept-proposal                | a binding and V0
    V1 |     | accept-proposal in vain        | failure and V0
    V1 |     | reject-proposal                | V0
    V1 |     | the end of its proposal        | V0
    `,
  ),
];

function rowsOf(agent: Row['agent'], table: string): readonly Row[] {
  const lines = table.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [state = '', code = '', on = '', next = ''] = line.split('|').map((cell) => cell.trim());
    return { agent, state, on, next, ...(code === '' ? {} : { code }) };
  });
}
