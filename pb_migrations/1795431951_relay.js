/// Requests that go on as the producer sent them, and what a receiver's answer means.
migrate(
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    const before = (name) => destinations.fields.fieldNames().indexOf(name);
    destinations.fields.addAt(
      before('headers') + 1,
      new JSONField({
        name: 'relay',
        maxSize: 10000,
        help: 'For http: what of the producer\'s request goes on. Example: {"headers": ["x-github-event", "x-hub-signature-256"]}, or {"headers": "all", "query": true}. Receivers such as Jenkins then check the producer\'s own signature. Empty: nothing.',
      }),
    );
    destinations.fields.addAt(
      before('timeout_ms') + 1,
      new TextField({
        name: 'success',
        max: 4000,
        help: 'For http: an expression that says by the response whether it was taken, for receivers that answer 200 to a refusal. Example: response.json.errcode == 0. Empty: every 2xx is a success.',
      }),
    );
    app.save(destinations);
    const events = app.findCollectionByNameOrId('events');
    events.fields.addAt(
      events.fields.fieldNames().indexOf('headers') + 1,
      new TextField({
        name: 'signature_headers',
        max: 200000,
        hidden: true,
        help: 'Signatures by the producer, for destinations that relay them. Empty: none was wanted.',
      }),
    );
    app.save(events);
    // They may hold such signatures by now.
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.fields.getByName('request_values').hidden = true;
    app.save(deliveries);
  },
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    // The older version would send requests without the producer's signature, and take refusals for successes.
    app
      .db()
      .newQuery(
        "UPDATE destinations SET enabled = FALSE, disabled_reason = 'its relay or success is that of a newer version' WHERE success != '' OR COALESCE(relay, 'null') NOT IN ('null', '')",
      )
      .execute();
    for (const name of ['relay', 'success']) destinations.fields.removeByName(name);
    app.save(destinations);
    const events = app.findCollectionByNameOrId('events');
    events.fields.removeByName('signature_headers');
    app.save(events);
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.fields.getByName('request_values').hidden = false;
    app.save(deliveries);
  },
);
