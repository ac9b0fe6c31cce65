import { type FieldOfRecord, nameOf } from './names.ts';
import { presetInput } from './presets.ts';
import { type FieldInForm, secretsInput } from './secrets.ts';
import { templateInput, toValue } from './template.ts';

interface FieldToSave extends FieldInForm {
  payload: Record<string, unknown>;
}

const isTemplate = ({ collection, field }: FieldInForm) => collection.name === 'mappings' && field.name === 'template';

/** Fields that are entered or shown in another way than others of their type. */
export function extendFields(): void {
  const { json, select, text } = app.fieldTypes;
  const { input, onrecordsave } = json;
  json.input = (props: FieldInForm) => {
    if (isTemplate(props)) return templateInput(props);
    return props.field.name === 'secrets' ? secretsInput(props, input) : input(props);
  };
  json.onrecordsave = (props: FieldToSave) => {
    const { field, record, payload } = props;
    const value = record[field.name];
    if (!isTemplate(props) || typeof value !== 'string') return onrecordsave(props);
    // A text that was not touched is still as it was read, without the quotes of JSON.
    payload[field.name] = toValue(value);
    return onrecordsave({ ...props, record: { [field.name]: payload[field.name] } });
  };

  const choice = select.input;
  select.input = (props: FieldInForm) =>
    props.collection.name === 'sources' && props.field.name === 'preset' ? presetInput(props, choice) : choice(props);

  const { view } = text;
  text.view = (props: FieldOfRecord) => {
    if (lacksUrl(props)) return t.span({ className: 'txt-hint txt-nowrap' }, 'no URL yet');
    const name = nameOf(props);
    if (name === undefined) return view(props);
    return t.span({ className: 'txt txt-ellipsis', title: props.record[props.field.name] }, name);
  };
}

function lacksUrl({ record, field }: FieldOfRecord): boolean {
  return record.collectionName === 'destinations' && field.name === 'url' && !record.url && record.type !== 'inbox';
}
