/** An office over a temporary folder: real SQLite, real perfclouds, the models as they are shipped. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Office, openOffice, type Surroundings } from '../../src/agency/compose.ts';
import type { NegotiateOptions } from '../../src/agency/requests.ts';
import vendors from '../../src/hooks/vendors.ts';
import { parseTemplate } from '../../src/sla/parse.ts';
import type { Template } from '../../src/sla/template.ts';
import type { TracedMessage } from '../../src/store/store.ts';
import { registryOf } from '../../src/vendors/registry.ts';

/** A home folder that is removed with all in it. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  readonly office: (more?: Partial<Surroundings>) => Promise<Office>;
}

/** Vendors by name, each a perfcloud with these settings and a folder of its own. */
export async function homeWith(perfclouds: Readonly<Record<string, object>>): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'skypact-test-'));
  const configured = Object.fromEntries(
    Object.entries(perfclouds).map(([name, settings]) => [
      name,
      { driver: 'perfcloud', settings: { folder: join(folder, name), ...settings } },
    ]),
  );
  const off = 'perfcloud' in perfclouds ? {} : { perfcloud: null };
  await writeFile(join(folder, 'config.yaml'), stringify({ vendors: { ...off, ...configured } }));
  return {
    folder,
    office: (more = {}) => officeAt(folder, more),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** An office over the home folder of a program that may have run, or was killed, before. */
export function officeAt(folder: string, more: Partial<Surroundings> = {}): Promise<Office> {
  return openOffice({
    environment: { SKYPACT_HOME: folder },
    workingFolder: folder,
    registry: async () =>
      registryOf(
        { successes: [{ plugin: { name: 'skypact' }, result: await vendors() }], failures: [] },
        'skypact',
      ),
    ...more,
  });
}

export const signal: AbortSignal = AbortSignal.timeout(120_000);

export function options(more: Partial<NegotiateOptions> = {}): NegotiateOptions {
  return {
    model: 'negotiation',
    policy: 'balanced',
    onFailure: 'renegotiate',
    accept: 'when-met',
    rounds: 1,
    replyWithinMs: 2_000,
    ...more,
  };
}

/** A template of objectives in the document's own words. */
export function template(objectives: object, more: object = {}): Template {
  const document = { sla: 'skypact/v1', name: 'test', ...more, objectives };
  return parseTemplate(JSON.stringify(document), { file: 'test' });
}

export const small = { cpus: 1, memory: '1 GiB', disk: '5 GiB', image: 'debian-12' } as const;

/** `cfp client>negotiator` for each message, ids without the objective. */
export function exchange(messages: readonly TracedMessage[]): readonly string[] {
  return messages.map(({ message: { name, from, to } }) => `${name} ${from.id}>${to.id}`);
}
