import { execFileSync } from 'node:child_process';
import fs, { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createLogDestination } from '../../../api/src/ops/log-destination.ts';
import { until } from '../../support/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (n: number) => `${n} ${'x'.repeat(500)}\n`;
const numbers = (text: string) => text.split('\n').flatMap((one) => (one === '' ? [] : [Number.parseInt(one, 10)]));

it('writes what waits at the end of the process, in order', () => {
  const file = join(folder, 'log');
  const fd = openSync(file, 'a');
  const destination = createLogDestination({ fd, isShared: false, onDropped: () => undefined });
  destination.write(line(0));
  destination.write(line(1));
  destination.flushSync();
  expect(numbers(readFileSync(file, 'utf8'))).toEqual([0, 1]);
  closeSync(fd);
});

it('writes a single line soon, and many in few pieces', async () => {
  const file = join(folder, 'log');
  const fd = openSync(file, 'a');
  const destination = createLogDestination({ fd, isShared: false, onDropped: () => undefined });
  destination.write(line(0));
  await until('the line', () => numbers(readFileSync(file, 'utf8')).length === 1 || undefined);
  for (let n = 1; n < 1000; n++) destination.write(line(n));
  const written = await until('all lines', () => {
    const found = numbers(readFileSync(file, 'utf8'));
    return found.length === 1000 ? found : undefined;
  });
  expect(written).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  closeSync(fd);
});

it.each([
  ['so that a pipe keeps them whole, if others write into it', true, 4 * 1024],
  ['as large as they come, if nobody does', false, 64 * 1024],
])('writes pieces %s', async (_what, isShared, most) => {
  const file = join(folder, 'log');
  const fd = openSync(file, 'a');
  const write = jest.spyOn(fs, 'write');
  const destination = createLogDestination({ fd, isShared, onDropped: () => undefined });
  for (let n = 0; n < 1000; n++) destination.write(line(n));
  await until('all lines', () => numbers(readFileSync(file, 'utf8')).length === 1000 || undefined);
  const longest = Math.max(...write.mock.calls.map(([, piece]) => Buffer.byteLength(piece as unknown as string)));
  write.mockRestore();
  expect(longest).toBeGreaterThan(most / 2);
  expect(longest).toBeLessThanOrEqual(most);
  closeSync(fd);
});

it('writes a line that came while others were being written', async () => {
  const file = join(folder, 'log');
  const fd = openSync(file, 'a');
  const destination = createLogDestination({ fd, isShared: false, onDropped: () => undefined });
  for (let n = 0; n < 6; n++) destination.write(line(n));
  destination.flush();
  await until('all lines', () => numbers(readFileSync(file, 'utf8')).length === 6 || undefined);
  closeSync(fd);
});

it('drops what does not fit when nobody reads, says how much, and goes on when somebody does', async () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  // Open for both, so that it opens without a reader.
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const dropped: number[] = [];
  const destination = createLogDestination({
    fd,
    isShared: true,
    heldAtMost: 50_000,
    onDropped: (lines) => dropped.push(lines),
  });
  for (let n = 0; n < 1000; n++) destination.write(line(n));
  let text = '';
  const piece = Buffer.alloc(64 * 1024);
  const read = () => {
    try {
      for (let length = 1; length > 0; text += piece.toString('latin1', 0, length)) length = readSync(fd, piece);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EAGAIN') throw fault;
    }
  };
  const told = await until('all lines to be read or dropped', () => {
    read();
    const lost = dropped.reduce((sum, lines) => sum + lines, 0);
    return lost > 0 && numbers(text).length + lost === 1000 ? lost : undefined;
  });
  expect(told).toBeGreaterThan(800);
  expect(numbers(text)).toEqual(Array.from({ length: 1000 - told }, (_, n) => n));
  destination.write(line(1000));
  destination.flushSync();
  read();
  expect(numbers(text).at(-1)).toBe(1000);
  closeSync(fd);
});
