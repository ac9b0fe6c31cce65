import type { Schemas } from '../../../client/schemas.ts';
import type { FieldError } from '../ui/field-errors.ts';
import type { Draft } from './draft.ts';

/** For each group of fields of a source. */
export interface FieldsProps {
  draft: Draft;
  set: (changed: Partial<Draft>) => void;
  errors: readonly FieldError[] | undefined;
  /** That of the draft, once it is known. */
  preset: Schemas['SourcePreset'] | undefined;
}
