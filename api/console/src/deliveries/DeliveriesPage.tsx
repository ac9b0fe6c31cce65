import { PageHead } from '../ui/Page.tsx';
export function DeliveriesPage() {
  return <PageHead title="Deliveries" />;
}
