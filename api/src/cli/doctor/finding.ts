/** The result of one check. `fix` says what to do; empty if all is well. */
export interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  fix: string;
}

export function good(name: string, detail: string): Finding {
  return { name, ok: true, detail, fix: '' };
}

export function bad(name: string, detail: string, fix: string): Finding {
  return { name, ok: false, detail, fix };
}
