/// <reference path="../pb_data/types.d.ts" />

/**
 * A record whose expressions can't work is refused, with the reason at the field; also when it is saved in the
 * dashboard. The checks are the API's own (api/src/expressions, bundled). Handlers see nothing of this file but
 * themselves, so each requires the bundle.
 */

onRecordValidate((e) => {
  const { checkSource } = require(`${__hooks}/generated/expressions.js`);
  const fields = {};
  for (const name of ['event_type', 'dedupe_key', 'extract']) fields[name] = e.record.getString(name);
  const problems = checkSource(fields);
  const errors = {};
  for (const name of Object.keys(problems)) errors[name] = new ValidationError('invalid_expression', problems[name]);
  if (Object.keys(errors).length > 0) throw new BadRequestError('The source was not saved.', errors);
  e.next();
}, 'sources');

onRecordValidate((e) => {
  const { checkMapping } = require(`${__hooks}/generated/expressions.js`);
  const fields = {};
  for (const name of ['filter', 'template']) fields[name] = e.record.getString(name);
  const problems = checkMapping(fields);
  const errors = {};
  for (const name of Object.keys(problems)) errors[name] = new ValidationError('invalid_expression', problems[name]);
  if (Object.keys(errors).length > 0) throw new BadRequestError('The mapping was not saved.', errors);
  e.next();
}, 'mappings');
