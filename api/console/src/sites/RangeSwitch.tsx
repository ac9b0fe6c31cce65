import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segments } from '../ui/Segments.tsx';
import { RANGES, type Range, rangeOf } from './ranges.ts';

/** How far back the chart of this page goes, as its URL says. */
export function useRange(): Range {
  const { range }: { range?: string } = useSearch({ strict: false });
  return rangeOf(range);
}

export function RangeSwitch() {
  const navigate = useNavigate();
  const choose = (range: Range) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, range })) as never, replace: true });
  return <Segments label="Time" value={useRange()} options={RANGES} onChange={choose} />;
}
