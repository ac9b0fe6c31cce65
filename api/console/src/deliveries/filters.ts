export const SEARCH_NAMES = ['source', 'type', 'correlation_id', 'since', 'open'] as const;

export type DeliveriesSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string };
