/** Why nothing is started, for the person who starts it: `message` says what to do. Starting again without a change can't help. */
export class StartRefused extends Error {
  override name = 'StartRefused';
}
