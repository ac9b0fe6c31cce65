import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../ui/Empty.tsx';
import { PageHead } from '../ui/Page.tsx';
import { useMayWrite } from './session.tsx';

/** Pages that are there to change something, by how their paths end; and those that only admins may read. */
const NOT_FOR_VIEWERS = /\/(new|edit|new-goal|new-trigger)$|^\/settings\/(users|keys|audit)$/;

/** The page, or in its place what a viewer can do about not having it. */
export function MayWrite({ children }: { children: ReactNode }) {
  const mayWrite = useMayWrite();
  const { pathname } = useLocation();
  if (mayWrite || !NOT_FOR_VIEWERS.test(pathname)) return children;
  return (
    <>
      <PageHead title="Not yours to change" />
      <Empty icon="ban" title="You look, and change nothing">
        <p>Your role is viewer. An admin of your account can change this, or your role.</p>
      </Empty>
    </>
  );
}
