/**
 * Settings: flags, then the environment, then the project's file, then the user's. A file holds
 * references to secrets (an agent, a key's path, the AWS chain), never a secret.
 */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { failure } from '../base/failure.ts';
import { onFailures, policies } from '../negotiation/values.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { Environment, Paths } from './paths.ts';
import type { ConfiguredVendor } from './vendors.ts';

const vendorName = /^[a-z][a-z0-9-]{0,39}$/;

const vendorSchema = z.strictObject({
  driver: z.string().regex(vendorName),
  settings: z.record(z.string(), z.unknown()).default({}),
});

const fileSchema = z.strictObject({
  negotiate: z
    .strictObject({
      model: z.string().optional(),
      policy: z.enum(policies).optional(),
      onFailure: z.enum(onFailures).optional(),
      rounds: z.int().min(1).max(100).optional(),
      replyWithinSeconds: z.number().positive().max(3600).optional(),
    })
    .default({}),
  /** `null` switches off a vendor that is there by default, or from another file. */
  vendors: z.record(z.string().regex(vendorName), vendorSchema.nullable()).default({}),
});

type ConfigFile = z.infer<typeof fileSchema>;

/** A value and where it came from, for `config show`. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly source: string;
}

export interface Config {
  readonly vendors: readonly Sourced<ConfiguredVendor>[];
  readonly negotiate: {
    readonly model: Sourced<string>;
    readonly policy: Sourced<(typeof policies)[number]>;
    readonly onFailure: Sourced<(typeof onFailures)[number]>;
    readonly rounds: Sourced<number>;
    readonly replyWithinMs: Sourced<number>;
  };
}

/** Fails with CONFIG.INVALID, naming the file and the field. */
export async function loadConfig(paths: Paths, environment: Environment): Promise<Config> {
  const user = await readConfigFile(paths.userConfigFile);
  const project = await readConfigFile(paths.projectConfigFile);
  const layers = [
    { source: 'environment', file: fromEnvironment(environment) },
    { source: paths.projectConfigFile, file: project },
    { source: paths.userConfigFile, file: user },
    { source: 'default', file: defaults(paths) },
  ];
  const first = <Value>(pick: (file: ConfigFile) => Value | undefined, fallback: Value) => {
    for (const { source, file } of layers) {
      const value = pick(file);
      if (value !== undefined) return { value, source };
    }
    return { value: fallback, source: 'default' };
  };
  return {
    vendors: vendorsOf(layers),
    negotiate: {
      model: first((file) => file.negotiate.model, 'negotiation'),
      policy: first((file) => file.negotiate.policy, 'balanced'),
      onFailure: first((file) => file.negotiate.onFailure, 'renegotiate'),
      rounds: first((file) => file.negotiate.rounds, 1),
      replyWithinMs: first(
        (file) =>
          file.negotiate.replyWithinSeconds === undefined
            ? undefined
            : file.negotiate.replyWithinSeconds * 1000,
        20_000,
      ),
    },
  };
}

/** The embedded vendor is there from the start, so that there is a market to choose from. */
function defaults(paths: Paths): ConfigFile {
  const settings = { folder: join(paths.vendorsFolder, 'perfcloud') };
  return { negotiate: {}, vendors: { perfcloud: { driver: 'perfcloud', settings } } };
}

function fromEnvironment(environment: Environment): ConfigFile {
  const negotiate = {
    model: environment['SKYPACT_MODEL'],
    policy: environment['SKYPACT_POLICY'],
    onFailure: environment['SKYPACT_ON_FAILURE'],
  };
  const named = Object.fromEntries(Object.entries(negotiate).filter(([, value]) => value));
  return parsed({ negotiate: named }, 'the environment (SKYPACT_MODEL, _POLICY, _ON_FAILURE)');
}

function vendorsOf(
  layers: readonly { readonly source: string; readonly file: ConfigFile }[],
): Config['vendors'] {
  const found = new Map<string, Sourced<ConfiguredVendor> | undefined>();
  for (const { source, file } of layers) {
    for (const [name, vendor] of Object.entries(file.vendors)) {
      if (found.has(name)) continue;
      found.set(name, vendor === null ? undefined : { value: { name, ...vendor }, source });
    }
  }
  return [...found.values()]
    .filter((vendor) => vendor !== undefined)
    .toSorted((a, b) => (a.value.name < b.value.name ? -1 : 1));
}

async function readConfigFile(file: string): Promise<ConfigFile> {
  return parseConfig(await readText(file), file);
}

/** Empty when there is no such file. */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return '';
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw failure('CONFIG.UNREADABLE', `${file} cannot be read: ${thrown.message}`, {
      next: `make ${file} readable, or move it away`,
    });
  }
}

function parseConfig(text: string, file: string): ConfigFile {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    throw failure('CONFIG.INVALID', `${file}: ${error.message}`, { next: `edit ${file}` });
  }
  return parsed(document.toJS() ?? {}, file);
}

function parsed(value: unknown, file: string): ConfigFile {
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data;
  const found = result.error.issues.map(
    (issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`,
  );
  throw failure('CONFIG.INVALID', `${file}: ${found.join('; ')}`, { next: `edit ${file}` });
}

/** Writes a vendor into the user's file; `undefined` switches it off. The file is replaced whole. */
export async function writeVendor(
  paths: Paths,
  name: string,
  vendor: { readonly driver: string; readonly settings: object } | undefined,
): Promise<void> {
  if (!vendorName.test(name)) {
    throw failure('CONFIG.INVALID', `${name} is no vendor name: lower-case letters, digits and -`, {
      next: 'skypact vendor add NAME --driver DRIVER',
    });
  }
  const file = paths.userConfigFile;
  const text = await readText(file);
  parseConfig(text, file);
  const document = parseDocument(text);
  if (document.contents === null) document.contents = parseDocument('{}').contents;
  if (vendor === undefined && !(name in defaults(paths).vendors))
    document.deleteIn(['vendors', name]);
  else document.setIn(['vendors', name], document.createNode(vendor ?? null));
  await replaceFile(file, stringify(document.toJS()));
}

/** A reader sees the old file or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  try {
    makeFolder(dirname(file));
    await writeFile(draft, text, { mode: 0o600 });
    await chmod(draft, 0o600);
    await rename(draft, file);
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => undefined);
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw failure('CONFIG.UNWRITABLE', `${file} cannot be written: ${why}`, {
      next: 'make its folder writable, or name another by SKYPACT_HOME',
    });
  }
}
