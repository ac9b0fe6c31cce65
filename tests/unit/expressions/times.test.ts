import { readFileSync } from 'node:fs';
import { compileExpression } from '../../../api/src/expressions/index.ts';
import { contextOf } from './context.ts';

interface Table {
  fields: string[];
  /** `cel`: cel-go's answer, null: an error. `ours`: where we take what it refuses. */
  times: { text: string; cel: string | null; ours?: string }[];
  parts: { time: string; zone: string; values: number[] }[];
}

const table: Table = JSON.parse(readFileSync(new URL('../../shared/times.json', import.meta.url), 'utf8'));

function evaluate(text: string, body: unknown = null): unknown {
  const compiled = compileExpression(text);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const outcome = compiled.value.evaluate(contextOf(body));
  return outcome.ok ? outcome.value : outcome.error.message;
}

describe("timestamp() answers as Go's cel does, in milliseconds", () => {
  test.each(table.times)('$text', ({ text, cel, ours }) => {
    const answers = [evaluate('timestamp(body)', text), evaluate(`timestamp(${JSON.stringify(text)})`)];
    const expected = ours ?? (cel === null ? undefined : inMilliseconds(cel));
    for (const answer of answers)
      expect(answer).toEqual(expected ?? expect.stringContaining('timestamp() needs a time such as'));
  });
});

/** Cuts what is beyond milliseconds, and leaves the arithmetic to the engine. */
function inMilliseconds(answer: string): string {
  return new Date(answer.replace(/(\.\d{3})\d+/, '$1')).toISOString();
}

describe("parts of times are as Go's cel has them, whatever this machine's zone", () => {
  test.each(table.parts)('$time in "$zone"', ({ time, zone, values }) => {
    const given = zone === '' ? '' : JSON.stringify(zone);
    const list = table.fields.map((field) => `timestamp(body).${field}(${given})`);
    expect(evaluate(`[${list.join(', ')}]`, time)).toEqual(values);
  });

  test('of a year, every day', () => {
    const first = Date.UTC(2024, 0, 1, 23, 30);
    for (let day = 0; day < 366; day++)
      expect(evaluate('timestamp(body).getDayOfYear()', new Date(first + day * 86_400_000).toISOString())).toBe(day);
  });

  test('a zone that does not exist is told, not thrown', () => {
    expect(evaluate('timestamp("2026-01-31T12:00:00Z").getHours("Nowhere/Here")')).toContain('no such time zone');
  });
});

test.each([
  ['timestamp("2026-01-31T12:00:00.123456789+01:00") < timestamp("2026-01-31T12:00:00Z")', true],
  ['timestamp("2026-01-31T13:00:00+01:00") == timestamp("2026-01-31T12:00:00Z")', true],
  ['timestamp("2026-01-31T12:00:00Z") - timestamp("2026-01-31T11:00:00.5Z") == duration("59m59.5s")', true],
  ['timestamp("2026-01-31T12:00:00Z") + duration("1.5s")', '2026-01-31T12:00:01.500Z'],
  ['timestamp(0)', '1970-01-01T00:00:00.000Z'],
  ['timestamp(-62135596800)', '0001-01-01T00:00:00.000Z'],
  ['duration("90m").getHours()', 1],
])('%s', (text, expected) => {
  expect(evaluate(text)).toEqual(expected);
});
