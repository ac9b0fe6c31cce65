/// <reference path="../pb_data/types.d.ts" />

/**
 * A record whose expressions can't work is refused, with the reason at the field; also when it is saved in the
 * dashboard. The checks are the API's own: api/src/expressions, bundled. A handler sees nothing of the file around it.
 */
onRecordValidate(
  (e) => {
    const { checkRecord } = require(`${__hooks}/generated/expressions.js`);
    const problems = checkRecord(e.record.collection().name, (field) => e.record.getString(field));
    const errors = {};
    for (const field of Object.keys(problems)) {
      errors[field] = new ValidationError('invalid_expression', problems[field]);
    }
    if (Object.keys(errors).length > 0) throw new BadRequestError('An expression is not valid.', errors);
    e.next();
  },
  'sources',
  'mappings',
);
