import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `skypact-source` lets plugins resolve `skypact/vendor` to the sources, without a build. */
const conditions = ['skypact-source', 'node', 'import', 'default'];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/lab/**'],
    testTimeout: 20_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});

export default config;
