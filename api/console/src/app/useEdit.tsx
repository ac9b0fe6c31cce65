import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConflictNote } from './ConflictNote.tsx';
import type { FormOfDraft } from './DraftForm.tsx';
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
  /** Called when it is saved, and when there is nothing to save, without the record. Absent: its page is left for. */
  onSaved?: (saved: RecordOf<K> | undefined, leave: () => void) => void;
}

/** A form of a record that there is: sends what was changed, and nothing over what somebody else changed meanwhile. */
export function useEdit<K extends RecordKind, Draft>(edited: Edited<K, Draft>): FormOfDraft<Draft> {
  const { kind, record, draftOf, changesOf, start, onSaved } = edited;
  const navigate = useNavigate();
  const page = `/${kind}/${record.id}`;
  const leave = () => void navigate({ to: page });
  const saved = (record?: RecordOf<K>) => (onSaved ? onSaved(record, leave) : leave());
  const [before, setBefore] = useState(() => draftOf(record));
  const [draft, setDraft] = useState<Draft>({ ...before, ...start });
  const { save, pending, error, conflict } = useSave(kind, record, (theirs) => {
    setBefore(draftOf(theirs));
    setDraft(draftOf(theirs));
  });
  const onSubmit = () => {
    const changes = changesOf(before, draft);
    if (Object.keys(changes).length === 0) saved();
    else save(changes, saved);
  };
  const notice = <ConflictNote conflict={conflict} />;
  return { draft, onChange: setDraft, action: 'Save changes', pending, error, notice, onSubmit, cancelTo: page };
}
