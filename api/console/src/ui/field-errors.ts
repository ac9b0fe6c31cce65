/** One entry of a problem's `errors`: `field` is a path such as /name or /secrets/0. */
export interface FieldError {
  field: string;
  message: string;
}

/** What was wrong with a field or anything inside it; undefined: nothing. */
export function errorOf(errors: readonly FieldError[] | undefined, field: string): string | undefined {
  const own = (errors ?? []).filter(({ field: path }) => path === `/${field}` || path.startsWith(`/${field}/`));
  return own.length === 0 ? undefined : own.map(({ message }) => message).join('; ');
}

/** What was wrong with a field itself, and not with something inside it. */
export function errorAt(errors: readonly FieldError[] | undefined, field: string): string | undefined {
  return errors?.find(({ field: path }) => path === `/${field}`)?.message;
}
