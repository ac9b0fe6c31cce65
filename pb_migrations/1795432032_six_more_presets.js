/// Six more vendors.
migrate(
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    const preset = sources.fields.getByName('preset');
    preset.values = preset.values
      .concat(['bitbucket-server', 'customerio', 'helpscout', 'render', 'snyk', 'tally'])
      .sort();
    app.save(sources);
  },
  (app) => {
    const added = ['bitbucket-server', 'customerio', 'helpscout', 'render', 'snyk', 'tally'];
    // What is verified stays; the older version has nothing for where the source's own fields are empty.
    for (const name of added) {
      app.db().newQuery("UPDATE sources SET preset = '' WHERE preset = {:name}").bind({ name }).execute();
    }
    const sources = app.findCollectionByNameOrId('sources');
    const preset = sources.fields.getByName('preset');
    preset.values = preset.values.filter((name) => !added.includes(name));
    app.save(sources);
  },
);
