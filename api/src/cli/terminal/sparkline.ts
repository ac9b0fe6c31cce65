const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Draws values as one line of bars, at most `width` of them; where several share a bar it shows the highest. A bar is blank
 * where nothing is known. @param top what the highest bar stands for
 */
export function sparkline(values: readonly (number | null)[], width: number, top: number): string {
  const bars = Math.min(width, values.length);
  return Array.from({ length: bars }, (_, bar) => {
    const [first, next] = [bar, bar + 1].map((n) => Math.floor((n * values.length) / bars));
    const known = values.slice(first, next).filter((value) => value !== null);
    return known.length === 0 ? ' ' : barOf(Math.max(...known), top);
  }).join('');
}

function barOf(value: number, top: number): string {
  const height = top <= 0 ? 0 : Math.round((value / top) * (BARS.length - 1));
  return BARS[Math.min(Math.max(height, 0), BARS.length - 1)] as string;
}
