import { RE2JSSyntaxException } from 're2js';
import type { Node } from './ast.ts';
import { type CompileBudget, take } from './compile-budget.ts';
import { failure } from './errors.ts';
import { Pattern } from './pattern.ts';
import { patternSize } from './pattern-size.ts';

/** Instructions of one pattern: about 10 ms to compile. */
const MAX_PATTERN = 2_000;
/** Preparing a pattern takes as long as so many instructions, however short it is. */
const FIXED_PARTS = 15;

/** The compiled form of the literal pattern at `node`. */
export function compilePattern(node: Node, text: string, budget: CompileBudget): Pattern {
  const known = budget.patterns.get(text);
  if (known) return known;
  const size = patternSize(text);
  if (size > MAX_PATTERN) {
    throw failure(
      `the pattern is too large: it comes to about ${size} instructions, at most ${MAX_PATTERN} are allowed. Use smaller repetitions {n} and fewer classes such as \\pL`,
      node,
    );
  }
  take(budget, FIXED_PARTS + size);
  try {
    const pattern = new Pattern(text, size);
    budget.patterns.set(text, pattern);
    return pattern;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw failure(`the pattern is not valid RE2: ${error.message}`, node);
  }
}
