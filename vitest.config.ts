import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** `skypact-source` lets plugins resolve `skypact/vendor` to the sources, without a build. */
const conditions = ['skypact-source', 'node', 'import', 'default'];

/** What every suite shares. */
export const shared: ViteUserConfig = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { pool: 'threads', maxWorkers: 2, testTimeout: 20_000 },
};

const config: ViteUserConfig = defineConfig({
  ...shared,
  test: {
    ...shared.test,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/lab/**', 'test/cli/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/cli/build.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});

export default config;
