import { PageHead } from '../ui/Page.tsx';
export function DeliveryPage() {
  return <PageHead title="Delivery" />;
}
