/** What a link to a new replay may say already; `since` as in the lists. */
export const SEARCH_NAMES = ['source', 'destination', 'status', 'since', 'mode', 'missing'] as const;

export type ReplaySearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string | undefined };
