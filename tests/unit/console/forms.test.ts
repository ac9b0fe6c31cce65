import { readFileSync } from 'node:fs';
import { EMPTY as DESTINATION, bodyOf as destinationFields } from '../../../api/console/src/destinations/draft.ts';
import { EMPTY as MAPPING, fieldsOf as mappingFields } from '../../../api/console/src/mappings/draft.ts';
import { goalFieldsOf, NEW_GOAL } from '../../../api/console/src/sites/goal-draft.ts';
import { newSite, siteFieldsOf } from '../../../api/console/src/sites/site-draft.ts';
import { EMPTY as TRIGGER, fieldsOf as triggerFields } from '../../../api/console/src/sites/trigger-draft.ts';
import { EMPTY as SOURCE, fieldsOf as sourceFields } from '../../../api/console/src/sources/draft.ts';
import { loadContract, resolve } from '../../../api/src/http/openapi.ts';
import { CONTRACT_FILE } from '../../support/contract.ts';

interface Schema {
  allOf?: object[];
  properties?: object;
}

const { document } = loadContract(CONTRACT_FILE);

/** The fields that the contract lets be changed. */
function fieldsOf(schema: object): string[] {
  const { allOf = [], properties = {} } = resolve(document, schema) as Schema;
  return [...allOf.flatMap(fieldsOf), ...Object.keys(properties)];
}

/** What can be changed elsewhere on the record's page: paused and resumed, rotated, made a webhook. */
const ACTS = ['enabled'];

/** Per kind: its form's draft, what becomes of it, what has a place of its own, and the files of the form. */
const FORMS: [kind: string, draft: object, fields: object, elsewhere: string[], files: string[]][] = [
  [
    'Source',
    SOURCE,
    sourceFields({ ...SOURCE, verification: 'hmac' }),
    ACTS,
    ['sources/SourceForm', 'sources/MoreSourceFields', 'sources/VerificationFields'],
  ],
  [
    'Destination',
    DESTINATION,
    destinationFields(DESTINATION),
    [...ACTS, 'secrets', 'secrets_overlap_until', 'notifications'],
    ['destinations/DestinationForm'],
  ],
  ['Mapping', MAPPING, mappingFields(MAPPING, null), ACTS, ['mappings/Editor']],
  ['Site', newSite(), siteFieldsOf(newSite()), ACTS, ['sites/SiteForm']],
  // Of goals and triggers, the page that the form is on says the site.
  ['Goal', NEW_GOAL, goalFieldsOf(NEW_GOAL), ['site'], ['sites/GoalForm']],
  ['Trigger', TRIGGER, triggerFields(TRIGGER), ['site'], ['sites/TriggerForm', 'sites/Condition', 'sites/Rarely']],
  [
    'Webhook',
    { name: '', url: '', description: '' },
    { name: '', url: '', description: '' },
    ACTS,
    ['webhooks/WebhookForm'],
  ],
];

test.each(FORMS)('the form of a %s has every field of the contract', (kind, _draft, fields, elsewhere) => {
  const known = fieldsOf({ $ref: `#/components/schemas/${kind}Changes` });
  expect([...Object.keys(fields), ...elsewhere].sort()).toEqual(known.sort());
});

test.each(FORMS)('what the draft of a %s has can be typed', (_kind, draft, _fields, _elsewhere, files) => {
  const form = files
    .map((file) => readFileSync(new URL(`../../../api/console/src/${file}.tsx`, import.meta.url), 'utf8'))
    .join('');
  expect(
    Object.keys(draft).filter((member) => !new RegExp(`set\\('${member}'\\)|set\\(\\{[^}]*\\b${member}\\b`).test(form)),
  ).toEqual([]);
});
