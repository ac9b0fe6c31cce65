/// What may hold ciphertext is hidden: users can neither filter nor sort by it, not through a relation either.
migrate(
  (app) => {
    for (const [name, fields] of [
      ['sources', ['secrets']],
      ['destinations', ['secrets', 'headers', 'url']],
    ]) {
      const collection = app.findCollectionByNameOrId(name);
      for (const field of fields) collection.fields.getByName(field).hidden = true;
      app.save(collection);
    }
  },
  (app) => {
    for (const [name, fields] of [
      ['sources', ['secrets']],
      ['destinations', ['secrets', 'headers', 'url']],
    ]) {
      const collection = app.findCollectionByNameOrId(name);
      for (const field of fields) collection.fields.getByName(field).hidden = false;
      app.save(collection);
    }
  },
);
