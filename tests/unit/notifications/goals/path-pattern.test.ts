import fc from 'fast-check';
import { compilePathPattern } from '../../../../api/src/notifications/goals/path-pattern.ts';

test.each([
  // https://plausible.io/docs/pageview-goals
  ['/register', '/register', true],
  ['/register', '/register/', false],
  ['/blog*', '/blog', true],
  ['/blog*', '/blog-post', true],
  ['/blog*', '/blog/post', false],
  ['/blog/*', '/blog/post', true],
  ['/blog/*', '/blog/2026/post', false],
  ['/blog**', '/blog/2026/post', true],
  ['/blog/**', '/blog/', true],
  ['/checkout/*/thanks', '/checkout/42/thanks', true],
  ['/checkout/*/thanks', '/checkout/42/7/thanks', false],
  ['**/thanks', '/checkout/42/7/thanks', true],
  ['**/thanks', '/checkout/thanks/', false],
  ['/a**b', '/ab', true],
  ['/ab**ab', '/ab', false],
  ['/*ab', '/abab', true],
  ['/a.c', '/abc', false],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(compilePathPattern(pattern)(path)).toBe(expected);
});

test('it is the regular expression that it stands for', () => {
  const text = (letters: string[]) =>
    fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text(['a', 'b', '/', '*', '**']), text(['a', 'b', '/']), (pattern, path) => {
      const source = pattern.replace(/\*{2,}|\*/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
      expect(compilePathPattern(pattern)(path)).toBe(new RegExp(`^${source}$`).test(path));
    }),
    { numRuns: 5_000 },
  );
});

test('no pattern is slow', () => {
  const path = `/${'a'.repeat(1_999)}`;
  for (const pattern of ['/', '**'].map((start) => `${start}${'a*'.repeat(100)}b`))
    expect(compilePathPattern(pattern)(path)).toBe(false);
  expect(compilePathPattern(`${'**a*'.repeat(100)}b`)(path)).toBe(false);
});
