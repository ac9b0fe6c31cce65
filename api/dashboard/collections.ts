/** The collections in the order of their use, with the columns that their lists begin with. */
const COLUMNS: Record<string, string> = {
  sources: 'name enabled preset verification rate_limit account updated',
  destinations: 'name type url enabled paused disabled_reason account updated',
  mappings: 'name source destination enabled filter account updated',
  events: 'id type source received_at duplicates account',
  deliveries: 'id state destination event last_status last_error attempts_made next_attempt_at created',
  attempts: 'delivery number outcome status error started_at duration_ms',
  rejections: 'received_at source code detail',
  failing_destinations: 'name type failures failing_since next_probe_at disabled_reason account',
  recent_decisions: 'received_at source type destination outcome why',
  audit: 'created action actor via detail account',
  replays: 'created state actor mode from to deliveries failed error',
  sites: 'name domain timezone counted_by enabled account updated',
  goals: 'name site event_name page_path enabled account updated',
  triggers: 'name site type enabled threshold relative_threshold window destinations account updated',
  accounts: 'id name created',
  users: 'email name role account created',
  api_keys: 'name prefix role account last_used_at expires_at',
};
/** Of no use by themselves: the API shows them with what they belong to. */
const NOISE = ['destination_health', 'event_bodies', 'meta'];
const ORDER = Object.keys(COLUMNS);

interface Collection {
  id: string;
  name: string;
  fields: { id: string; name: string }[];
}

/** An operator's own collections stand after Pockethook's and before noise. */
function rank({ name }: Collection): number {
  if (name.startsWith('_')) return ORDER.length + 2;
  if (NOISE.includes(name)) return ORDER.length + 1;
  return ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
}

/** Sorts the sidebar, and has lists begin with the columns above: what an operator then chooses stays. */
export function orderCollections(): void {
  const { utils, consts } = app;
  const sortedByType = utils.sortedCollectionsByType;
  utils.sortedCollectionsByType = (collections: Collection[]): Collection[] =>
    sortedByType
      .call(utils, collections)
      .sort((a: Collection, b: Collection) => rank(a) - rank(b) || a.name.localeCompare(b.name));

  const readStored = utils.getLocalHistory;
  utils.getLocalHistory = (key: string, otherwise: unknown) => {
    const value = readStored.call(utils, key, otherwise);
    const collection = (app.store.collections as Collection[]).find(
      ({ id }) => key === consts.COLUMNS_STORAGE_PREFIX + id,
    );
    const columns = COLUMNS[collection?.name ?? ''];
    if (!collection || !columns) return value;
    return {
      ...Object.fromEntries(collection.fields.map(({ id, name }) => [id, columns.split(' ').includes(name)])),
      ...value,
    };
  };
}
