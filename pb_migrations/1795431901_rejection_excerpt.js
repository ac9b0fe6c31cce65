/// How a body begins that was refused because it is no JSON.
migrate(
  (app) => {
    const rejections = app.findCollectionByNameOrId('rejections');
    rejections.fields.addAt(
      rejections.fields.fieldNames().indexOf('body_bytes') + 1,
      new TextField({ name: 'body_excerpt', max: 2000 }),
    );
    app.save(rejections);
  },
  (app) => {
    const rejections = app.findCollectionByNameOrId('rejections');
    rejections.fields.removeByName('body_excerpt');
    app.save(rejections);
  },
);
