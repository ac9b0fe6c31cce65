import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parseJson, stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Json } from '../ui/Json.tsx';
import { Mark } from '../ui/Mark.tsx';
import { useSettled } from '../ui/useSettled.ts';
import { Message } from './Message.tsx';

type Result = Schemas['PreviewResult'];

/** What these rules make of an event, a moment after the last key. */
export function usePreview(
  given: (Pick<Schemas['Preview'], 'event' | 'filter' | 'content_type' | 'type'> & { template: unknown }) | undefined,
) {
  const api = useApi();
  const settled = useSettled(stringifyJson(given ?? null));
  return useQuery({
    queryKey: ['preview', settled],
    queryFn: () => api.post('/api/v1/mappings/preview', { body: parseJson(settled) as Schemas['Preview'] }),
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
  });
}

export function Preview({ type, query }: { type: Schemas['DestinationType']; query: ReturnType<typeof usePreview> }) {
  if (query.error) return <ErrorNote fault={faultOf(query.error)} />;
  if (!query.data) return <p>Choose an event to see what is sent.</p>;
  return <Outcome type={type} result={query.data} />;
}

function Outcome({ type, result }: { type: Schemas['DestinationType']; result: Result }) {
  if (result.outcome === 'filtered') {
    return (
      <>
        <Mark tone="grey" icon="filter">
          filtered out
        </Mark>
        <p>
          This part of the filter was false: <code>{result.clause}</code>
        </p>
        <Json label="Values that it read" text={stringifyJson(result.values)} />
      </>
    );
  }
  if (result.outcome === 'error') {
    return (
      <>
        <Mark tone="red" icon="error">
          error in {result.where}
        </Mark>
        <p>{result.message}</p>
      </>
    );
  }
  const { body, body_encoding, content_type } = result.request;
  return (
    <>
      <Mark tone="green" icon="check">
        would be sent
      </Mark>
      {body_encoding !== 'base64' && <Message type={type} body={body} />}
      <Json label={`Body, ${content_type}`} text={body} />
    </>
  );
}
