/// Vendors whose handshake brings the source's secret: until then it has none, and some of them want it typed in by hand.
migrate(
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    const preset = sources.fields.getByName('preset');
    preset.values = preset.values.concat(['asana', 'notion']).sort();
    sources.fields.addAt(
      sources.fields.fieldNames().indexOf('secrets') + 1,
      new BoolField({
        name: 'secret_unshown',
        help: "Set by a handshake that brought the secret: an admin may still see it, once, in the console or by `pockethook sources reveal`. It can't be set here.",
      }),
    );
    app.save(sources);
  },
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    // The older version has no handshake for them, and would refuse every save of a source that waits for one.
    app.db().newQuery("UPDATE sources SET enabled = FALSE, preset = '' WHERE preset IN ('asana', 'notion')").execute();
    const preset = sources.fields.getByName('preset');
    preset.values = preset.values.filter((name) => !['asana', 'notion'].includes(name));
    sources.fields.removeByName('secret_unshown');
    app.save(sources);
  },
);
