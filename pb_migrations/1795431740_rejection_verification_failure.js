/// What was wrong with a signature, as a code: rejections can be counted and filtered by it.
migrate(
  (app) => {
    const rejections = app.findCollectionByNameOrId('rejections');
    rejections.fields.addAt(
      rejections.fields.fieldNames().indexOf('code') + 1,
      new TextField({ name: 'verification_failure', max: 100 }),
    );
    app.save(rejections);
  },
  (app) => {
    const rejections = app.findCollectionByNameOrId('rejections');
    rejections.fields.removeByName('verification_failure');
    app.save(rejections);
  },
);
