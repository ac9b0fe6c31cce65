/// Requests that hold several events.
migrate(
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    sources.fields.addAt(
      sources.fields.fieldNames().indexOf('extract'),
      new TextField({
        name: 'split',
        max: 4000,
        help: 'For producers that put several events in one request: an expression for the list of them. Each becomes an event, and is its body. Example: body.events. Empty: as the preset says, else a request is one event.',
      }),
    );
    app.save(sources);
    const events = app.findCollectionByNameOrId('events');
    events.fields.addAt(
      events.fields.fieldNames().indexOf('headers'),
      new NumberField({
        name: 'item',
        onlyInt: true,
        help: 'Which one it is of a request that was split, from 1. 0: it is the whole request.',
      }),
    );
    app.save(events);
  },
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    // The older version would take lists of events for one.
    app.db().newQuery("UPDATE sources SET enabled = FALSE WHERE split != ''").execute();
    sources.fields.removeByName('split');
    app.save(sources);
    const events = app.findCollectionByNameOrId('events');
    events.fields.removeByName('item');
    app.save(events);
  },
);
