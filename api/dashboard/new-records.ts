import { DEFAULTS, makeSecret } from './defaults.ts';

interface Collection {
  name: string;
  fields: { name: string; type: string }[];
}

/** Opens the form of a new record with its defaults filled in: what is shown is what is saved. */
export function presetNewRecords(): void {
  const open = app.modals.openRecordUpsert;
  app.modals.openRecordUpsert = async (collection: Collection, record: string | { id?: string }, settings: object) => {
    const isNew = typeof record !== 'string' && !record?.id;
    open(collection, isNew ? { ...(await presets(collection)), ...record } : record, settings);
  };
}

async function presets({ name, fields }: Collection): Promise<object> {
  const defaults = DEFAULTS[name];
  if (!defaults) return {};
  const secret = makeSecret(name, defaults);
  const isOwned = fields.some((field) => field.name === 'account');
  // Forms react only to fields that a record has.
  const choices = fields.filter(({ type }) => type === 'select').map((field) => [field.name, '']);
  return {
    ...Object.fromEntries(choices),
    ...defaults,
    ...(secret !== undefined && { secrets: [secret] }),
    ...(isOwned && { account: await defaultAccount() }),
  };
}

/** Empty where it can't be read: the service fills it in then, or says what is missing. */
async function defaultAccount(): Promise<string> {
  try {
    const options = { requestKey: null, fields: 'id' };
    return (await app.pb.collection('accounts').getFirstListItem('name = "default"', options)).id;
  } catch {
    return '';
  }
}
