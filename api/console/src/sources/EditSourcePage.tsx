import { useParams } from '@tanstack/react-router';
import { RecordView } from '../app/RecordView.tsx';
import { type RecordOf, useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { changesOf, draftOf } from './draft.ts';
import { SourceForm } from './SourceForm.tsx';

export function EditSourcePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit source" query={useRecord('sources', id)}>
      {(source) => <Edit source={source} />}
    </RecordView>
  );
}

function Edit({ source }: { source: RecordOf<'sources'> }) {
  const form = useEdit({ kind: 'sources', record: source, draftOf, changesOf });
  return (
    <>
      <PageHead title={`Edit ${source.name}`} />
      <PageBody>
        <SourceForm {...form} existing />
      </PageBody>
    </>
  );
}
