/** Who may call an operation, from the least that it takes to the most. `anonymous`: no credentials; `operator`: sees every account. */
export const ROLES = ['anonymous', 'viewer', 'admin', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Whether somebody with `role` may do what takes `needed`: each role may do what those before it may. */
export function mayDo(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
