import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './support/clean-environment.mjs';

cleanEnvironment(process.env);

const rootDir = fileURLToPath(new URL('..', import.meta.url));

/** Five suites; `--selectProjects unit` runs one. Native ESM: several dependencies (got among them) are ESM only. */
const common = {
  rootDir,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/api/dist', '<rootDir>/data'],
};

const suite = (displayName, extra = {}) => ({
  ...common,
  displayName,
  testMatch: [`<rootDir>/tests/${displayName}/**/*.test.ts`],
  ...extra,
});

const needsServices = { globalSetup: '<rootDir>/tests/support/global-setup.ts' };

export default {
  rootDir,
  projects: [
    suite('unit', { globalSetup: '<rootDir>/tests/support/contract-setup.ts' }),
    suite('contract', needsServices),
    suite('integration', needsServices),
    suite('e2e', needsServices),
    suite('browser', needsServices),
  ],
  // Two, also on two cores: a worker that has grown is replaced, which the process of a single one can't be.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  // Ends what hangs. No test has a time of its own: on a busy machine everything takes longer.
  testTimeout: 600_000,
  reporters: ['default', ['jest-junit', { outputDirectory: 'reports', outputName: 'jest.xml' }]],
  collectCoverageFrom: ['api/src/**/*.ts', 'api/client/*.ts'],
  coverageDirectory: 'reports/coverage',
  coverageReporters: ['text-summary', 'lcov'],
};
