import fc from 'fast-check';
import { RE2JS } from 're2js';
import { compileExpression } from '../../../api/src/expressions/index.ts';
import { patternSize } from '../../../api/src/expressions/pattern-size.ts';

const TOKENS = [
  ...['a', 'b', 'k', 'ſ', 'é', '😀', 'abc', ',', '.', '^', '$', '|', '*', '+', '?', '(', ')'],
  ...[
    '(?:',
    '(?i)',
    '(?i:',
    '(?P<n>',
    '(?<m>',
    '[',
    ']',
    '[^',
    '[]',
    '-',
    '[:alpha:]',
    '[:x:]',
    '[:^digit:]',
    '[:',
    ':]',
  ],
  ...['{2}', '{3,}', '{0,4}', '{1,3}', '{0}', '{50}', '{1', '}', '\\d', '\\W', '\\pL', '\\p{Greek}', '\\P{^L}', '\\PN'],
  ...[
    '\\Q',
    '\\E',
    '\\x{61}',
    '\\x41',
    '\\x{10FFFF}',
    '\\101',
    '\\n',
    '\\b',
    '\\\\',
    '\\[',
    '\\]',
    '\\-',
    '\\A',
    '\\z',
  ],
];

/** What compiling makes of a pattern; undefined if it is not valid, or too large to be tried. */
function compiledSize(pattern: string): number | undefined {
  if (patternSize(pattern) > 20_000) return undefined;
  try {
    // Two of its instructions are there for every pattern.
    return RE2JS.compile(pattern).programSize() - 2;
  } catch {
    return undefined;
  }
}

test('the size told from the text is never below what compiling makes of it', () => {
  const patterns = fc
    .array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 14 })
    .map((tokens) => tokens.join(''));
  fc.assert(
    fc.property(patterns, (pattern) => {
      expect(patternSize(pattern)).toBeGreaterThanOrEqual((compiledSize(pattern) ?? 0) - 1);
    }),
    { numRuns: 5_000, examples: [['a{0,4}(?i){50}a'], ['(){0,4}a'], ['|a|'], ['(|){50}']] },
  );
});

test.each([
  '^v[0-9]+\\.[0-9]+(-rc\\.[0-9]+)?$',
  '^[a-f0-9]{40}$',
  '(?i)^(fix|feat|chore)(\\(.*\\))?!?: .{1,200}$',
  '^[\\p{L}\\p{N}_.-]+@[\\p{L}\\p{N}.-]+\\.\\p{L}{2,}$',
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$',
  '\\b(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\\b',
  '\\pL{1,64}',
])('%s is no large pattern', (pattern) => {
  expect(compile(pattern)).toMatchObject({ ok: true });
});

test.each([
  ['repeated classes', '\\pL{1000}\\pN{1000}\\pS{1000}'],
  ['nested repetitions', '((((a{9}){9}){9}){9})'],
  ['at least so many', '(?:ab?){999,}'],
  ['up to so many', '(a|b|[c-e]){0,800}'],
  ['a union of classes', `[${'\\pL\\PN'.repeat(200)}]`],
  ['alternatives of classes', Array(100).fill('\\pL').join('|')],
  ['ranges whose cases are folded', '(?i)[a-\\x{1FFFF}]'],
  ['many of them', `(?i)[${'a-\\x{2FFF}'.repeat(200)}]`],
  ['a class that seems to end later', '[!-[:x:](b{100}){20}]{9}'],
  ['a class that seems to end earlier', '[\\d-[:alpha:][](b{100}){20}[]]'],
  ['quoted text that seems to open a group', '\\Q(\\E(?:a{100}){100}'],
  ['nothing, very often', '(){1000}(){1000}'],
])('%s: refused', (_name, pattern) => {
  expect(compile(pattern)).toMatchObject({ ok: false, error: { message: expect.stringContaining('too large') } });
});

const compile = (pattern: string) => compileExpression(`body.matches(${JSON.stringify(pattern)})`);
