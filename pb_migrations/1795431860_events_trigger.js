/// A trigger raises events as well, which then have no source.
migrate(
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.fields.getByName('source').required = false;
    events.fields.add(
      new TextField({ name: 'trigger', max: 15, help: 'The trigger that raised it; empty: a source took it in.' }),
    );
    events.indexes = [
      ...events.indexes,
      "CREATE INDEX `idx_events_trigger` ON `events` (`trigger`, `seq`) WHERE `trigger` != ''",
    ];
    app.save(events);
  },
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.indexes = events.indexes.filter((index) => !index.includes('idx_events_trigger'));
    events.fields.removeByName('trigger');
    events.fields.getByName('source').required = true;
    app.save(events);
  },
);
