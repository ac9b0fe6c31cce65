import { useParams } from '@tanstack/react-router';
import { PageHead } from '../ui/Page.tsx';
import { DeliveryDetail } from './DeliveryDetail.tsx';

/** One delivery on a page of its own. */
export function DeliveryPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <>
      <PageHead title={`Delivery ${id}`} />
      <DeliveryDetail id={id} />
    </>
  );
}
