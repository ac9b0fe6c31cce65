import { bodyForPeople } from '../../../api/src/cli/terminal/body.ts';
import { parseJson, printJson } from '../../../api/src/cli/terminal/json.ts';
import { parseSince, relativeTime } from '../../../api/src/cli/terminal/times.ts';
import { visible, visibleLine } from '../../../api/src/cli/terminal/visible.ts';
import { cut, widthOf, wrapped } from '../../../api/src/cli/terminal/width.ts';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');

describe('what a stranger sends can not drive the terminal', () => {
  it.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['\u009b31m', '\\u009b31m'],
    ['a\rb', 'a\\u000db'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['del\u007f', 'del\\u007f'],
  ])('%j', (text, expected) => expect(visible(text)).toBe(expected));

  it('leaves ordinary text as it is', () => expect(visible('Grüße, 世界 🎉\n\ttab')).toBe('Grüße, 世界 🎉\n\ttab'));
  it('keeps fields on one line', () => expect(visibleLine('a\nfake line')).toBe('a fake line'));
});

describe('the width of a text', () => {
  it.each([
    ['plain', 5],
    ['世界', 4],
    ['한국', 4],
    ['🎉', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['e\u0301', 1],
  ])('of %s is %d', (text, width) => expect(widthOf(text)).toBe(width));

  it.each([
    ['🎉🎉🎉🎉', 5, '🎉🎉…'],
    ['🎉🎉🎉🎉', 6, '🎉🎉…'],
    ['世界世界', 7, '世界世…'],
    ['👨‍👩‍👧👨‍👩‍👧', 3, '👨‍👩‍👧…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['fits', 4, 'fits'],
  ])('cuts whole characters: %s to %d', (text, width, expected) => expect(cut(text, width)).toBe(expected));

  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['世界 世界', 6, ['世界', '世界']],
    ['averylongword no', 5, ['avery', 'longw', 'ord', 'no']],
    ['', 5, ['']],
  ])('wraps %s at %d', (text, width, lines) => expect(wrapped(text, width)).toEqual(lines));
});

describe('JSON', () => {
  it('keeps numbers that a double can not hold', () => {
    const text = '{"id":9007199254740993,"rate":0.12345678901234567890,"n":1}';
    expect(printJson(parseJson(text))).toBe(text);
  });
  it('gives plain numbers otherwise', () => expect(parseJson('{"seq":12}')).toEqual({ seq: 12 }));
  it('is still JSON after active characters were escaped', () =>
    expect(JSON.parse(printJson({ a: '\u009b\u202e' }))).toEqual({ a: '\u009b\u202e' }));
});

describe('bodyForPeople', () => {
  it.each([
    ['{"a":[1]}', '{\n  "a": [\n    1\n  ]\n}'],
    ['a=1&b=2', 'a=1&b=2'],
    ['{"cut', '{"cut'],
    [' ', '(empty)'],
  ])('%j', (body, expected) => expect(bodyForPeople(body, 'utf8')).toBe(expected));

  it('tells of bytes', () => expect(bodyForPeople('//4=', 'base64')).toMatch(/^\(2 bytes that are not text/));
});

describe('times', () => {
  it.each([
    ['2026-01-31T12:00:00.400Z', 'now'],
    ['2026-01-31T11:59:48.000Z', '12s ago'],
    ['2026-01-31T11:00:00.000Z', '1h ago'],
    ['2026-01-29T11:00:00.000Z', '2d ago'],
    ['2026-01-31T12:05:00.000Z', 'in 5m'],
  ])('%s is %s', (time, expected) => expect(relativeTime(time, NOW)).toBe(expected));

  it.each([
    ['1h', '2026-01-31T11:00:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['2026-01-30T10:00:00+02:00', '2026-01-30T08:00:00.000Z'],
  ])('since %s', (text, expected) => expect(parseSince(text, NOW)).toBe(expected));

  it.each(['yesterday', '', '1 fortnight', '99999999999d'])('refuses %j', (text) =>
    expect(() => parseSince(text, NOW)).toThrow(/is no time: write a duration/),
  );
});
