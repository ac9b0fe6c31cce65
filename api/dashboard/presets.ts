import { fieldsFromPreset } from '../src/presets/index.ts';
import type { FieldInForm } from './secrets.ts';

/** The choice of a preset, which fills in how its vendor's requests are verified. */
export function presetInput(props: FieldInForm, input: (props: FieldInForm) => unknown) {
  const { record } = props;
  const chosen = watch(
    () => record.preset,
    (preset, before) => {
      if (before !== undefined && preset !== before)
        Object.assign(record, fieldsFromPreset({ preset: String(preset) }));
    },
  );
  return t.div({ onunmount: () => chosen.unwatch() }, input(props));
}
