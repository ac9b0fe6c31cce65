/** The project's mark, as in api/docs/favicon.svg. */
export function Brand() {
  return <img src="/docs/favicon.svg" alt="" width="20" height="20" />;
}
