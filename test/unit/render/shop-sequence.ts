/** A negotiation of a shop with two vendors, one of which loses; and the withdrawal of one objective. */
import type { Arrow, Sequence, SequencePart } from '../../../src/render/sequence.ts';

const startedMs = Date.UTC(2026, 10, 22, 9, 30);

/** `[after ms, "from>to", act, summary, codes]` */
type Said = readonly [number, `${string}>${string}`, string, string?, string?];

function part(title: string, atMs: number, said: readonly Said[]): SequencePart {
  const arrows = said.map(([afterMs, ends, act, summary = '', codes = '']): Arrow => {
    const [from = '', to = ''] = ends.split('>');
    const list = codes === '' ? [] : codes.split(' ');
    return { atMs: atMs + afterMs, from, to, act, summary, codes: list };
  });
  return { title, detail: 'c0ffee00-1234, begun 2026-11-22 09:30:00 UTC', startedMs: atMs, arrows };
}

const [web, db] = ['vendor:aws:web', 'vendor:perfcloud:db'] as const;

export const shop: Sequence = {
  title: 'SLA shop (5hop00000001): ready',
  conversations: [
    part('1. negotiate, by model cloud-agency', startedMs, [
      [0, 'client>negotiator', 'cfp', 'shop: 3 web, db', 'client:S0 client:1'],
      [2, 'negotiator>mediator', 'proxy', '3 web', 'negotiator:S1 negotiator:2'],
      [3, 'mediator>directory', 'query-ref', '3 web'],
      [5, 'directory>mediator', 'inform-ref', '3 web'],
      [6, `mediator>${web}`, 'cfp', '3 web', 'mediator:2'],
      [7, `mediator>${db}`, 'cfp', 'db', 'mediator:2'],
      [640, `${web}>mediator`, 'propose', 'web: 2 proposals, from 0.0416 USD/h', 'mediator:3'],
      [1250, `${db}>mediator`, 'refuse', 'capacity: 16 GiB asked, 8 GiB free'],
      [1251, 'mediator>mediator', 'not-understood', 'agree'],
      [
        1260,
        'mediator>negotiator',
        'reply-message-sub-protocol',
        'web: 2 proposals; db: no',
        'mediator:S2 negotiator:S3 negotiator:4 negotiator:5',
      ],
      [1300, 'negotiator>client', 'propose', '0.125 USD/h, OK', 'negotiator:S5 negotiator:7'],
      [65_000, 'client>negotiator', 'accept-proposal', '0.125 USD/h', 'client:S2 client:3'],
      [65_100, `negotiator>${web}`, 'accept-proposal', 'web-1, web-2, web-3'],
      [65_100, `negotiator>${db}`, 'reject-proposal', 'late'],
      [97_000, `${web}>negotiator`, 'inform-done', 'web-1, web-2, web-3'],
      [97_010, 'negotiator>client', 'inform', 'ready: web-1, web-2, web-3'],
    ]),
    part('2. withdraw, by model withdrawal', startedMs + 86_400_000, [
      [0, 'client>negotiator', 'request', 'web-3'],
      [1, `negotiator>${web}`, 'cancel', 'web-3'],
      [5_400_000, `${web}>negotiator`, 'inform-done', 'web-3'],
    ]),
  ],
};

/** A sequence of messages between these agents, each `from>to`. */
export function between(...ends: readonly `${string}>${string}`[]): Sequence {
  const codes = 'a:S1 a:1 b:S0';
  const said = ends.map((each, index): Said => [index, each, 'inform', 'something long', codes]);
  return { title: 'a run', conversations: [part('1. run', startedMs, said)] };
}

/** One message that says this. */
export function saying(arrow: Partial<Arrow>, title = 'a run'): Sequence {
  const base = { atMs: startedMs, from: 'a', to: 'b', act: 'inform', codes: [], summary: '' };
  const only = { title, detail: title, startedMs, arrows: [{ ...base, ...arrow }] };
  return { title, conversations: [only] };
}
