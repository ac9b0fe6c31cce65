import { acceptCases } from './queue.accept.ts';
import { claimCases } from './queue.claim.ts';
import { commandCases } from './queue.command.ts';
import { commandManyCases } from './queue.command-many.ts';
import { firingCases } from './queue.firing.ts';
import type { QueueFixture } from './queue.fixture.ts';
import { policyCases } from './queue.policy.ts';
import { settleCases } from './queue.settle.ts';

/** The queue port's promises, kept by every implementation. `open` is called once; everything is reset before each test. */
export function queueSuite(open: () => Promise<QueueFixture>): void {
  let fixture: QueueFixture;
  beforeAll(async () => {
    fixture = await open();
  });
  beforeEach(() => fixture.reset());
  afterAll(() => fixture?.close());

  const current = () => fixture;
  describe('accept', () => acceptCases(current));
  describe('claim', () => claimCases(current));
  describe('what a trigger raises', () => firingCases(current));
  describe('settle', () => settleCases(current));
  describe('policy of destinations', () => policyCases(current));
  describe('command and stats', () => commandCases(current));
  describe('commands for many', () => commandManyCases(current));
}
