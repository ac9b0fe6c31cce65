/// Which header fields and query parameters a source keeps although their names look like those of credentials.
migrate(
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    sources.fields.addAt(
      sources.fields.fieldNames().indexOf('extract') + 1,
      new JSONField({
        name: 'not_redacted',
        maxSize: 20000,
        help: 'List of headers and query parameters to store as they come although their names look like those of credentials, such as ["x-order-key"].',
      }),
    );
    app.save(sources);

    // Rules that read such a name have found its value until now: they go on finding it.
    const read = /(?:headers|query)\s*(?:\[\s*\??\s*\\?["']([^"'\\]+)\\?["']|\.\??([A-Za-z_]\w*))/g;
    const looksSecret = /auth|assertion|cookie|credential|hmac|jwt|key|pass|pwd|sig|token|secret|trello/i;
    const always = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'];
    for (const source of app.findAllRecords('sources')) {
      const mappings = app.findRecordsByFilter('mappings', 'source = {:id}', '', 0, 0, { id: source.id });
      const rules = [
        ...['event_type', 'dedupe_key', 'extract'].map((field) => source.getString(field)),
        ...mappings.flatMap((mapping) => [mapping.getString('filter'), mapping.getString('template')]),
      ].join('\n');
      const names = [];
      for (let match = read.exec(rules); match; match = read.exec(rules)) {
        const name = (match[1] || match[2]).toLowerCase();
        if (looksSecret.test(name) && !always.includes(name) && !names.includes(name)) names.push(name);
      }
      if (names.length === 0) continue;
      app
        .db()
        .newQuery('UPDATE sources SET not_redacted = {:names} WHERE id = {:id}')
        .bind({ names: JSON.stringify(names.slice(0, 50)), id: source.id })
        .execute();
    }
  },
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    sources.fields.removeByName('not_redacted');
    app.save(sources);
  },
);
