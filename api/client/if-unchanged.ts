/**
 * `params.header` of a change that is to be made only if the record still is as it was read; if not, it is refused with
 * `stale_version`. In lists too: the version of a record is its `updated`.
 */
export function ifUnchanged({ updated }: { updated: string }): { 'If-Match': string } {
  return { 'If-Match': `"${updated}"` };
}
