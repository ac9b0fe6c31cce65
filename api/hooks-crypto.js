/// Stands for node:crypto in the bundle that checks expressions, which never runs them.
export function createHash() {
  throw new Error('expressions are not evaluated here');
}
