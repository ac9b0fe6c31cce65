import { createWriteProbe, type WriteResult } from '../../../api/src/ops/write-probe.ts';
import { collectingLogger } from '../../support/logger.ts';

let time = 0;
let writes = 0;
let result: () => Promise<WriteResult>;
const { logger, lines } = collectingLogger('info');
const probe = createWriteProbe({
  write: () => {
    writes++;
    return result();
  },
  describeOutage: () => 'PocketBase does not answer',
  now: () => time,
  logger,
});

beforeEach(() => {
  time += 10_000;
  writes = 0;
  result = async () => ({ problem: '' });
});

it('writes once for all who ask within 3 seconds, and while a write is under way', async () => {
  let resolve = (_result: WriteResult) => {};
  const promise = new Promise<WriteResult>((settle) => {
    resolve = settle;
  });
  result = () => promise;
  const asked = Array.from({ length: 100 }, probe);
  time += 60_000;
  asked.push(probe());
  resolve({ problem: '' });
  expect(new Set(await Promise.all(asked))).toEqual(new Set([undefined]));
  time += 2_999;
  await probe();
  expect(writes).toBe(1);
  time += 1;
  await probe();
  expect(writes).toBe(2);
});

it('names what is wrong, and logs each change once', async () => {
  const full = { problem: 'the disk is full', folder: '/data', free: '0.0 MB' };
  for (const one of [full, full, { problem: '' }, { problem: '' }]) {
    result = async () => one;
    time += 10_000;
    expect(await probe()).toBe(one.problem ? "PocketBase can't write: the disk is full" : undefined);
  }
  expect(lines).toMatchObject([
    { level: 'error', message: 'the store can not write', ...full },
    { level: 'info', message: 'the store writes again' },
  ]);
});

it('says what the outage is when the store can not be asked, and asks again', async () => {
  result = () => Promise.reject(new Error('connect ECONNREFUSED'));
  expect(await probe()).toBe('PocketBase does not answer');
  time += 3_000;
  result = async () => ({ problem: '' });
  expect(await probe()).toBeUndefined();
});
