import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTemplate } from '../../../src/sla/parse.ts';
import { printTemplate } from '../../../src/sla/print.ts';
import { arbitraryTemplate } from './arbitrary.ts';

const written = `sla: skypact/v1
name: shop
limits: { price: 0.600 USD/h }
prefer: { price: 3, speed: 1, trust: 0 }
objectives:
  web:
    count: 3
    cpus: 2
    memory: 4 GiB
    disk: 20 GiB
    network: 1 Gbit/s
    image: debian-12
    place: { apart: host, near: db (<= 5 ms), sites: [ eu-* ], not: [ "*-west" ] }
    promises:
      availability: { atLeast: 99.9 %, over: 30 d, penalty: 10 % }
      cpu.steal: { atMost: 5 %, over: 5 min }
      cpu.used: { atLeast: 10 %, atMost: 80 %, over: 1 h }
      bench.cpu: { atLeast: 1.2, over: 1 d }
    amend:
      memory: { upTo: 8 GiB, for: +0.010 USD/h }
      network: { upTo: 2 Gbit/s }
  db:
    cpus: 4
    memory: 16 GiB
    disk: 100 GiB
    image: debian-12
    place: { vendors: [ kvm-lab ] }
`;

test('a printed template is the document as one would write it', () => {
  expect(printTemplate(parseTemplate(written, { file: 'shop' }))).toBe(written);
});

test('every template is printed to a text that is read back to the same template', () => {
  fc.assert(
    fc.property(arbitraryTemplate, (template) => {
      expect(parseTemplate(printTemplate(template), { file: 'printed' })).toEqual(template);
    }),
  );
});
