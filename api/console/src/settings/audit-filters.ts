import type { FilterField } from '../ui/Filters.tsx';

export const AUDIT_SEARCH = ['actor', 'subject', 'subject_type', 'action', 'since', 'open'] as const;

/** What stands in the URL of the audit; `open` is the row at the side. */
export type AuditSearch = { [Name in (typeof AUDIT_SEARCH)[number]]?: string | undefined };

export const AUDIT_FIELDS: readonly FilterField[] = [
  { name: 'actor', title: 'Who', word: 'by', placeholder: 'user:ada@example.com' },
  { name: 'action', title: 'What', word: 'that did', placeholder: 'source.update' },
  { name: 'subject_type', title: 'Kind', word: 'to a', placeholder: 'destination' },
  { name: 'subject', title: 'Record', word: 'to the record', placeholder: 'its id' },
];
