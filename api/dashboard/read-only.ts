/** Collections that Pockethook writes by itself: the service refuses edits of them (pocketbase/internal/edits/read_only.go). */
export const READ_ONLY = [
  'events',
  'event_bodies',
  'deliveries',
  'attempts',
  'rejections',
  'audit',
  'destination_health',
  'replays',
  'meta',
];

/** Marks the page while such a collection is open, for the style sheet: what is refused anyway is not offered. */
export function markReadOnly(): void {
  watch(
    () => READ_ONLY.includes(app.store.activeCollection?.name),
    (isReadOnly) => {
      document.body.classList.toggle('is-read-only', isReadOnly);
    },
  );
}
