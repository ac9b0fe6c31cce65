/** Lists of at most so many items, in order: what is done with many at a time lets others have their turn in between. */
export function* groupsOf<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}
