/** An event's page in the console. `publicUrl` as in PUBLIC_URL, without a slash at its end. */
export function eventLink(publicUrl: string, event: string): string {
  return `${publicUrl}/events/${event}`;
}
