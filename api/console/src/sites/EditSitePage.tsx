import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { usePatch, useRecord } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SiteForm } from './SiteForm.tsx';
import { siteChangesOf, siteDraftOf } from './site-draft.ts';

export function EditSitePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit site" query={useRecord('sites', id)}>
      {(site) => <Edit site={site} />}
    </RecordView>
  );
}

function Edit({ site }: { site: Schemas['Site'] }) {
  const { id } = site;
  const navigate = useNavigate();
  const [before] = useState(() => siteDraftOf(site));
  const [draft, setDraft] = useState(before);
  const patch = usePatch('sites', id);
  const leave = () => void navigate({ to: `/sites/${id}` as string });
  const save = () => {
    const changes = siteChangesOf(before, draft);
    if (Object.keys(changes).length === 0) leave();
    else patch.mutate(changes, { onSuccess: leave });
  };
  return (
    <>
      <PageHead title={`Edit ${site.domain}`} />
      <PageBody>
        <SiteForm
          draft={draft}
          onChange={setDraft}
          action="Save changes"
          pending={patch.isPending}
          error={patch.error}
          onSubmit={save}
          isOld
          cancel={
            <Link to={`/sites/${id}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        />
      </PageBody>
    </>
  );
}
