import type { SeenValue } from '../model/explanation.ts';
import { makeCompileBudget } from './compile-budget.ts';
import type { Context } from './context.ts';
import { cut } from './errors.ts';
import { stringifyJson } from './json.ts';
import { type Meter, makeMeter } from './meter.ts';
import { compileProgram, type Program } from './program.ts';
import { makeRoom, toJson } from './value.ts';
import { spend } from './work.ts';

const MAX_VALUE = 100;

/** Reads values of an event by their paths, for showing them. */
export type See = (context: Context) => SeenValue[];

/** A path that is no expression by itself, as one that reads a loop's variable in its brackets, is left out. */
export function compileSee(paths: readonly string[]): See {
  const budget = makeCompileBudget();
  const readers: { path: string; program: Program }[] = [];
  for (const path of paths) {
    const compiled = compileProgram(path, budget);
    if (compiled.ok) readers.push({ path, program: compiled.value });
  }
  return (context) =>
    readers.map(({ path, program }) => {
      const outcome = program.run(context, (value) => abbreviate(value, context.meter));
      return { path, value: outcome.ok ? outcome.value : null };
    });
}

/** JSON of a value, cut; of a large one no more is looked at than is shown. */
export function abbreviate(value: unknown, meter = makeMeter()): string {
  let text = '';
  for (const piece of piecesOf(value, meter)) {
    text += piece;
    if (text.length > MAX_VALUE) break;
  }
  return cut(text, MAX_VALUE);
}

function* piecesOf(value: unknown, meter: Meter): Iterable<string> {
  if (typeof value === 'string') {
    yield stringifyJson(value.slice(0, MAX_VALUE));
  } else if (Array.isArray(value)) {
    yield '[';
    for (let i = 0; i < value.length; i++) {
      if (i > 0) yield ',';
      yield* piecesOf(value[i], meter);
    }
    yield ']';
  } else if (isMap(value)) {
    yield '{';
    let between = '';
    for (const [key, member] of value instanceof Map ? value : entriesOf(value, meter)) {
      yield `${between}${stringifyJson(String(key).slice(0, MAX_VALUE))}:`;
      yield* piecesOf(member, meter);
      between = ',';
    }
    yield '}';
  } else {
    yield stringifyJson(toJson(value, makeRoom(meter)));
  }
}

/** However few are shown, the engine lists them all. */
function entriesOf(value: object, meter: Meter): [string, unknown][] {
  const entries = Object.entries(value);
  spend(meter, entries.length);
  return entries;
}

function isMap(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;
}
