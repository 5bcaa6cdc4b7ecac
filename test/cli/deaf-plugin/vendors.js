/** A vendor that never answers a call for proposals, and does not listen when told to stop. */
const settings = {
  '~standard': { version: 1, vendor: 'deaf', validate: (value) => ({ value }) },
};

const description = {
  driver: 'deaf',
  version: '1',
  sites: [{ name: 'far', latencyMs: {} }],
  images: ['debian-12'],
  currency: 'USD',
  largest: { cpus: 64, memoryMiB: 262_144, diskGiB: 10_000 },
  places: [],
  reserves: true,
};

function open(name) {
  return Promise.resolve({
    api: 1,
    name,
    describe: () => Promise.resolve(description),
    bid: (_cfp, { progress }) => {
      progress('not listening');
      return new Promise((resolve) => setTimeout(resolve, 3_600_000, []));
    },
    accept: () => Promise.reject(new Error('it never proposed')),
    bind: () => Promise.reject(new Error('it never proposed')),
    withdraw: () => Promise.resolve(),
    async *contracts() {},
    async *measure() {},
    async [Symbol.asyncDispose]() {},
  });
}

const vendors = () =>
  Promise.resolve([{ api: 1, name: 'deaf', summary: 'never answers', settings, open }]);

export { vendors as default };
