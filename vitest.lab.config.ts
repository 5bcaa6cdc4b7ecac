import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { shared } from './vitest.config.ts';

/** Suites that need real servers, one file after the other: they share a machine of two cores. */
const config: ViteUserConfig = defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['test/lab/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});

export default config;
