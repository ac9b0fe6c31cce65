import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
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
  const form = useEdit({
    kind: 'sites',
    record: site,
    draftOf: siteDraftOf,
    changesOf: siteChangesOf,
  });
  return (
    <>
      <PageHead title={`Edit ${site.domain}`} />
      <PageBody>
        <SiteForm {...form} isOld />
      </PageBody>
    </>
  );
}
