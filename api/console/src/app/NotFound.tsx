import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/Empty.tsx';
import { PageHead } from '../ui/Page.tsx';

export function NotFound() {
  return (
    <>
      <PageHead title="Not found" />
      <Empty icon="search" title="There is no such page">
        <p>
          The address leads nowhere. Go to the <Link to={'/' as string}>overview</Link>, or search with ⌘K.
        </p>
      </Empty>
    </>
  );
}
