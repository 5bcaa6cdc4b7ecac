/** The configured vendor instances: opened when first needed, described once, closed together. */
import { type Failure, failure, isFailure } from '../base/failure.ts';
import { type Instance, openVendor } from '../vendors/open.ts';
import { findDriver, type Registry } from '../vendors/registry.ts';
import type { Call, Vendor, VendorDescription } from '../vendors/vendor.ts';

export interface ConfiguredVendor extends Instance {
  readonly driver: string;
}

export interface VendorPool extends AsyncDisposable {
  /** In the order of the configuration. */
  readonly names: readonly string[];
  /** Fails with VENDOR.UNKNOWN, with what opening fails with, or when its settings are invalid. */
  readonly open: (name: string, call: Call) => Promise<Vendor>;
  readonly describe: (name: string, call: Call) => Promise<VendorDescription>;
  /** Descriptions of all that can be opened, and the failures of the others. */
  readonly describeAll: (call: Call) => Promise<readonly Described[]>;
}

export type Described =
  | { readonly name: string; readonly description: VendorDescription }
  | { readonly name: string; readonly failure: Failure };

export function vendorPool(
  configured: readonly ConfiguredVendor[],
  registry: () => Promise<Registry>,
): VendorPool {
  const opened = new Map<string, Promise<Vendor & AsyncDisposable>>();
  const described = new Map<string, Promise<VendorDescription>>();

  const open = (name: string, call: Call): Promise<Vendor & AsyncDisposable> => {
    const instance = configured.find((each) => each.name === name);
    if (instance === undefined) return Promise.reject(unknownVendor(name, configured));
    return once(opened, name, async () =>
      openVendor(findDriver(await registry(), instance.driver), instance, call),
    );
  };

  const describe = async (name: string, call: Call): Promise<VendorDescription> => {
    const vendor = await open(name, call);
    return await once(described, name, () => vendor.describe(call));
  };

  return {
    names: configured.map(({ name }) => name),
    open,
    describe,
    describeAll: (call) =>
      Promise.all(
        configured.map(async ({ name }): Promise<Described> => {
          try {
            return { name, description: await describe(name, call) };
          } catch (thrown) {
            if (isFailure(thrown)) return { name, failure: thrown };
            throw thrown;
          }
        }),
      ),
    async [Symbol.asyncDispose]() {
      const settled = await Promise.allSettled(opened.values());
      for (const result of settled) {
        if (result.status === 'fulfilled') await result.value[Symbol.asyncDispose]();
      }
    },
  };
}

function unknownVendor(name: string, configured: readonly ConfiguredVendor[]): Failure {
  const known = configured.map((each) => each.name).join(', ');
  return failure('VENDOR.UNKNOWN', `there is no vendor ${name}; configured: ${known || 'none'}`, {
    facts: { vendor: name },
    next: `skypact vendor add ${name} --driver DRIVER`,
  });
}

/** A failed attempt is forgotten, so that the next one may succeed. */
function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}
