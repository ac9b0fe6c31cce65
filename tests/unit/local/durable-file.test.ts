import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFile, replaceFile } from '../../../api/src/local/durable-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pockethook-file-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a file is made once: whoever comes second changes nothing and leaves nothing behind', () => {
  const file = join(dir, 'a');
  expect(createFile(file, 'first')).toBe(true);
  expect(createFile(file, 'second')).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('first');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['a']);
});

test('a replaced file is for its owner only, whatever it was before', () => {
  const file = join(dir, 'a');
  writeFileSync(file, 'old', { mode: 0o644 });
  replaceFile(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['a']);
});
