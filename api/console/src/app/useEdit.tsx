import { type ReactNode, useState } from 'react';
import { ConflictNote } from './ConflictNote.tsx';
import type { ChangesOf, RecordKind, RecordOf } from './records.ts';
import { useSave } from './save.ts';

interface Edited<K extends RecordKind, Draft> {
  kind: K;
  /** As it was when its form was opened. */
  record: RecordOf<K>;
  draftOf: (record: RecordOf<K>) => Draft;
  /** The fields that are others than before. */
  changesOf: (before: Draft, after: Draft) => ChangesOf<K>;
  /** Fields that stand in the form from the beginning, and are not saved yet. */
  start?: Partial<Draft>;
  /** Called when it is saved; also when there is nothing to save, without the record. */
  onSaved: (saved?: RecordOf<K>) => void;
}

/** What a form needs that sends a draft. */
export interface FormOfDraft<Draft> {
  draft: Draft;
  onChange: (draft: Draft) => void;
  pending: boolean;
  error: unknown;
  onSubmit: () => void;
  /** What somebody else changed meanwhile. */
  notice?: ReactNode;
}

/** A form of a record that there is: sends what was changed, and nothing over what somebody else changed meanwhile. */
export function useEdit<K extends RecordKind, Draft>(edited: Edited<K, Draft>): FormOfDraft<Draft> {
  const { kind, record, draftOf, changesOf, start, onSaved } = edited;
  const [before, setBefore] = useState(() => draftOf(record));
  const [draft, setDraft] = useState<Draft>({ ...before, ...start });
  const { save, pending, error, conflict } = useSave(kind, record, (theirs) => {
    setBefore(draftOf(theirs));
    setDraft(draftOf(theirs));
  });
  const onSubmit = () => {
    const changes = changesOf(before, draft);
    if (Object.keys(changes).length === 0) onSaved();
    else save(changes, onSaved);
  };
  return { draft, onChange: setDraft, pending, error, onSubmit, notice: <ConflictNote conflict={conflict} /> };
}
