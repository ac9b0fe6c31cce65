import { makeSecret } from './defaults.ts';

export interface FieldInForm {
  collection: { name: string };
  /** Empty for a new one. */
  originalRecord: { id?: string };
  /** As it is in the form. */
  record: Record<string, unknown>;
  field: { name: string; help: string };
}

/** The list of secrets, with one made where that is ours to do: a new record gets one for whatever it is switched to. */
export function secretsInput(props: FieldInForm, input: (props: FieldInForm) => unknown) {
  const { collection, record } = props;
  const isNew = !props.originalRecord.id;
  const secrets = () => (Array.isArray(record.secrets) ? (record.secrets as string[]) : []);
  const local = store({ offered: secrets()[0] });
  const isAsOffered = () => secrets()[0] === local.offered;

  const switched = watch(
    () => (collection.name === 'sources' ? `${record.preset ?? ''} ${record.verification}` : record.type),
    (_kind, before) => {
      if (!isNew || before === undefined || !isAsOffered()) return;
      local.offered = makeSecret(collection.name, record);
      record.secrets = local.offered === undefined ? null : [local.offered];
    },
  );

  function makeAndCopy() {
    local.offered = makeSecret(collection.name, record);
    record.secrets = [local.offered, ...(isNew ? [] : secrets())];
    copy();
  }

  function copy() {
    app.utils.copyToClipboard(secrets()[0]);
    app.toasts.info('Copied the secret. Once it is saved, it is shown masked.');
  }

  return t.div(
    { onunmount: () => switched.unwatch() },
    input(props),
    t.div({ className: 'field-help' }, () => {
      if (makeSecret(collection.name, record) === undefined) return undefined;
      if (local.offered === undefined || !isAsOffered() || !isNew)
        return link('Make a new one and copy it', makeAndCopy);
      return ['It was made for this record. ', link('Copy it', copy), ' now: once it is saved, it is shown masked.'];
    }),
  );
}

function link(text: string, onclick: () => void) {
  return t.button({ type: 'button', className: 'link-hint text-link', onclick }, text);
}
