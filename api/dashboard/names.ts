/** History names configuration by plain id, so that deleting it rewrites nothing; lists show the names all the same. */

export interface FieldOfRecord {
  record: Record<string, string>;
  field: { name: string };
}

const NAMED: Record<string, string> = {
  source: 'sources',
  destination: 'destinations',
  mapping: 'mappings',
  account: 'accounts',
};
const HISTORY = [
  ...['events', 'deliveries', 'attempts', 'rejections', 'audit', 'replays', 'destination_health'],
  'recent_decisions',
];

/** The names by collection and id: read when they are first shown, and again when a record is saved here. */
const known: Record<string, { byId: Record<string, string> }> = {};

/** What to show in place of an id, as PocketBase's elements take it; the id itself of what was deleted. Undefined: it is none. */
export function nameOf({ record, field }: FieldOfRecord): (() => string) | undefined {
  const collection = NAMED[field.name];
  const id = record[field.name];
  if (!collection || !id || !HISTORY.includes(record.collectionName ?? '')) return undefined;
  known[collection] ??= readNames(collection);
  const names = known[collection];
  return () => names.byId[id] ?? id;
}

function readNames(collection: string) {
  const names = store<{ byId: Record<string, string> }>({ byId: {} });
  const read = async () => {
    const all: { id: string; name: string }[] = await app.pb
      .collection(collection)
      .getFullList({ requestKey: null, fields: 'id,name' });
    names.byId = Object.fromEntries(all.map(({ id, name }) => [id, name]));
  };
  // Without them ids are shown, and whatever is wrong shows elsewhere.
  const refresh = () => void read().catch(() => undefined);
  document.addEventListener('record:save', ({ detail }) => detail.collectionName === collection && refresh());
  refresh();
  return names;
}
