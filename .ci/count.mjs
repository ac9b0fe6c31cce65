/** Adds up the JUnit files of a folder: "N passed, N failed". */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , folder = 'reports'] = process.argv;
let passed = 0;
let failed = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith('.xml'))) {
  const text = readFileSync(join(folder, name), 'utf8');
  for (const [suite] of text.matchAll(/<testsuite [^>]*>/g)) {
    const count = (key) => Number(new RegExp(` ${key}="(\\d+)"`).exec(suite)?.[1] ?? 0);
    const broken = count('failures') + count('errors');
    failed += broken;
    passed += count('tests') - broken - count('skipped');
  }
}
if (passed === 0) process.exitCode = 1;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
