import { useState } from 'react';
import { ifUnchanged } from '../../../client/if-unchanged.ts';
import { stringifyJson } from '../../../client/json.ts';
import { useApi } from './api.ts';
import { ApiFault } from './client.ts';
import { type ChangesOf, pathOf, type RecordKind, type RecordOf, useChange } from './records.ts';

/** A record that somebody else has changed while it was edited here. */
export interface Conflict<R> {
  /** As it was when it was opened. */
  before: R;
  /** As it is now. */
  theirs: R;
  /** Saves the own changes all the same; what they changed elsewhere stays. */
  keepMine: () => void;
  /** Gives the own changes up. */
  takeTheirs: () => void;
}

/**
 * Saves changes of a record that was opened to be edited. When somebody has changed the same fields since, nothing is saved: `conflict`
 * has what they made of them, and both ways on. What they changed elsewhere in the record stays.
 */
export function useSave<K extends RecordKind>(kind: K, opened: RecordOf<K>, onTheirs: (theirs: RecordOf<K>) => void) {
  const api = useApi();
  const call = api as unknown as Record<'get' | 'patch', (path: string, init: object) => Promise<RecordOf<K>>>;
  const [base, setBase] = useState(opened);
  const [clash, setClash] = useState<{ theirs: RecordOf<K>; again: (version: RecordOf<K>) => void }>();
  const params = { path: { id: opened.id } };
  const path = `${pathOf(kind)}/{id}`;

  const patch = useChange(async ({ changes, version }: { changes: ChangesOf<K>; version: RecordOf<K> }) =>
    call.patch(path, { params: { ...params, header: ifUnchanged(version) }, body: changes }),
  );

  function save(changes: ChangesOf<K>, onSaved: (saved: RecordOf<K>) => void, version = base): void {
    patch.mutate(
      { changes, version },
      {
        onSuccess: (saved) => {
          setBase(saved);
          setClash(undefined);
          onSaved(saved);
        },
        onError: (fault) => {
          if (!isStale(fault)) return;
          const again = (newer: RecordOf<K>) => save(changes, onSaved, newer);
          void call
            .get(path, { params })
            .then((theirs) => (touches(changes, version, theirs) ? setClash({ theirs, again }) : again(theirs)));
        },
      },
    );
  }

  const conflict: Conflict<RecordOf<K>> | undefined = clash && {
    before: base,
    theirs: clash.theirs,
    keepMine: () => clash.again(clash.theirs),
    takeTheirs: () => {
      setBase(clash.theirs);
      setClash(undefined);
      patch.reset();
      onTheirs(clash.theirs);
    },
  };
  return { save, pending: patch.isPending, error: isStale(patch.error) ? null : patch.error, conflict };
}

function isStale(fault: unknown): boolean {
  return fault instanceof ApiFault && fault.status === 412;
}

/** Whether one of the fields that are to be changed is another one by now. */
function touches(changes: object, before: object, theirs: object): boolean {
  const textOf = (record: object, name: string) => stringifyJson((record as Record<string, unknown>)[name]);
  return Object.keys(changes).some((name) => textOf(before, name) !== textOf(theirs, name));
}
