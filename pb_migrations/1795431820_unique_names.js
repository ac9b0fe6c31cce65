/// Destinations and mappings of an account have names of their own, as sources do: `apply`, `export` and people know them by
/// name. Of several with one name the oldest keeps it; each rename is one line in the log.
migrate(
  (app) => {
    for (const kind of ['destinations', 'mappings']) {
      const rows = arrayOf(new DynamicModel({ id: '', account: '', name: '' }));
      app.db().newQuery(`SELECT id, account, name FROM ${kind} ORDER BY created, id`).all(rows);
      const key = (account, name) => `${account} ${name}`;
      const taken = new Set(rows.map(({ account, name }) => key(account, name)));
      const kept = new Set();
      for (const { id, account, name } of rows) {
        if (!kept.has(key(account, name))) {
          kept.add(key(account, name));
          continue;
        }
        let renamed = name;
        for (let number = 2; taken.has(key(account, renamed)); number++) {
          const ending = ` (${number})`;
          renamed = [...name].slice(0, 100 - ending.length).join('') + ending;
        }
        taken.add(key(account, renamed));
        kept.add(key(account, renamed));
        app.db().newQuery(`UPDATE ${kind} SET name = {:renamed} WHERE id = {:id}`).bind({ renamed, id }).execute();
        // biome-ignore lint/suspicious/noConsole: the service's log takes it
        console.log(
          `${kind}: ${id} is now named ${JSON.stringify(renamed)}: another one is named ${JSON.stringify(name)}`,
        );
      }
      const collection = app.findCollectionByNameOrId(kind);
      collection.addIndex(`idx_${kind}_name`, true, '`account`, `name`', '');
      app.save(collection);
    }
  },
  (app) => {
    for (const kind of ['destinations', 'mappings']) {
      const collection = app.findCollectionByNameOrId(kind);
      collection.removeIndex(`idx_${kind}_name`);
      app.save(collection);
    }
  },
);
