/** Turns `go test -json` into a JUnit file, and prints what failed. */
import { readFileSync, writeFileSync } from 'node:fs';

const [, , from, to] = process.argv;
const escape = (text) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/[^\t\n\r\x20-\uFFFD]/g, '');
const tests = new Map();
const output = new Map();

for (const line of readFileSync(from, 'utf8').split('\n').filter((text) => text.startsWith('{'))) {
  const { Action: action, Package: name, Test: test = '', Elapsed: seconds, Output: text } = JSON.parse(line);
  const key = `${name} ${test}`;
  if (action === 'output') output.set(key, (output.get(key) ?? '') + text);
  // A package counts only when it failed as a whole: it did not build, or its process died.
  if (action === 'pass' || action === 'skip' ? test !== '' : action === 'fail') tests.set(key, { name, test, action, seconds });
}

const results = [...tests.values()];
const cases = results.map(({ name, test, action, seconds }) => {
  const shown = escape((output.get(`${name} ${test}`) ?? '').slice(-4000));
  const inside = { fail: `<failure message="failed">${shown}</failure>`, skip: '<skipped/>', pass: '' }[action];
  return `<testcase classname="${escape(name)}" name="${escape(test || 'package')}" time="${seconds}">${inside}</testcase>`;
});
const count = (action) => results.filter((result) => result.action === action).length;
writeFileSync(
  to,
  `<?xml version="1.0"?>\n<testsuites><testsuite name="go" tests="${results.length}" failures="${count('fail')}" errors="0" skipped="${count('skip')}">\n${cases.join('\n')}\n</testsuite></testsuites>\n`,
);
for (const { name, test, action } of results) {
  if (action === 'fail') process.stdout.write(`--- FAIL ${name} ${test}\n${output.get(`${name} ${test}`) ?? ''}`);
}
