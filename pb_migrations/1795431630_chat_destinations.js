/// Slack, Teams, Telegram and ntfy as types of destinations.
migrate(
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    destinations.fields.getByName('type').values = ['http', 'discord', 'slack', 'teams', 'telegram', 'ntfy', 'inbox'];
    destinations.fields.getByName('url').help =
      "Where to post. A chat's URL carries a token: it is encrypted and shown masked. Empty for an inbox.";
    app.save(destinations);
  },
  (app) => {
    // The older version would send them bodies of another kind: as disabled Discord destinations they keep their
    // encrypted URLs and send nothing.
    const unknown = "type IN ('slack', 'teams', 'telegram', 'ntfy')";
    app
      .db()
      .newQuery(
        `UPDATE deliveries SET state = 'held' WHERE state = 'pending' AND destination IN (SELECT id FROM destinations WHERE ${unknown})`,
      )
      .execute();
    app
      .db()
      .newQuery(
        `UPDATE destinations SET disabled_reason = 'Its type, ' || type || ', is unknown to this version.', enabled = FALSE, type = 'discord' WHERE ${unknown}`,
      )
      .execute();
    const destinations = app.findCollectionByNameOrId('destinations');
    destinations.fields.getByName('type').values = ['http', 'discord', 'inbox'];
    destinations.fields.getByName('url').help =
      'Where to post. A Discord URL carries a token: it is encrypted and shown masked. Empty for an inbox.';
    app.save(destinations);
  },
);
