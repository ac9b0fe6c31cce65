import { RE2JS } from 're2js';

/** A compiled RE2 pattern. */
export class Pattern {
  /** As `patternSize` says. */
  readonly size: number;
  private readonly re2: RE2JS;

  /** @throws RE2JSSyntaxException of the library */
  constructor(text: string, size: number) {
    this.size = size;
    this.re2 = RE2JS.compile(text);
  }

  /** Whether it is found anywhere in the text. */
  isIn(text: string): boolean {
    const found = this.re2.test(text);
    keep(this, this.automatonBytes());
    return found;
  }

  /** Lets go of what matching has left behind; the next match makes it anew. */
  forget(): void {
    this.internals().lazyDFA = null;
  }

  /** What the library keeps of a pattern's matches, up to 8 MB of each: it has no limit for all of them. */
  private automatonBytes(): number {
    const automaton = this.internals().lazyDFA;
    return automaton ? automaton.maxMem - automaton.memBudget : 0;
  }

  private internals() {
    return this.re2.re2Input as unknown as { lazyDFA: { maxMem: number; memBudget: number } | null };
  }
}

/** Of one pattern, and of all. */
const AUTOMATON_BYTES = 1024 * 1024;
const AUTOMATA_BYTES = 32 * AUTOMATON_BYTES;

/** The memory that patterns use for what they have matched, least recently used first. */
const automata = new Map<Pattern, number>();
let automataBytes = 0;

function keep(pattern: Pattern, bytes: number): void {
  automataBytes -= automata.get(pattern) ?? 0;
  automata.delete(pattern);
  if (bytes > AUTOMATON_BYTES) pattern.forget();
  else if (bytes > 0) {
    automata.set(pattern, bytes);
    automataBytes += bytes;
  }
  for (const [oldest, size] of automata) {
    if (automataBytes <= AUTOMATA_BYTES) break;
    automata.delete(oldest);
    automataBytes -= size;
    oldest.forget();
  }
}
