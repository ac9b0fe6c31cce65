import { useParams } from '@tanstack/react-router';
import { PageHead } from '../ui/Page.tsx';
import { EventDetail } from './EventDetail.tsx';

/** One event on a page of its own. */
export function EventPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <>
      <PageHead title={`Event ${id}`} />
      <EventDetail id={id} />
    </>
  );
}
