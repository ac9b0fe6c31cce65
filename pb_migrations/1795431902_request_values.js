/// Expressions in a destination's URL and headers, and the method of its requests.
migrate(
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    destinations.fields.addAt(
      destinations.fields.fieldNames().indexOf('url'),
      new SelectField({
        name: 'method',
        maxSelect: 1,
        values: ['POST', 'PUT', 'PATCH', 'DELETE'],
        help: 'Of its requests, for the type http. Empty: POST.',
      }),
    );
    app.save(destinations);
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.fields.addAt(
      deliveries.fields.fieldNames().indexOf('request_body'),
      new TextField({
        name: 'request_values',
        max: 1000000,
        help: "Results of the expressions in the destination's URL and headers. Empty: there are none.",
      }),
    );
    app.save(deliveries);
  },
  (app) => {
    // The older version would send expressions as they stand.
    app
      .db()
      .newQuery(
        "UPDATE destinations SET enabled = FALSE, disabled_reason = 'its URL, headers or method are those of a newer version' WHERE method NOT IN ('', 'POST') OR id IN (SELECT destination FROM deliveries WHERE request_values != '')",
      )
      .execute();
    const destinations = app.findCollectionByNameOrId('destinations');
    destinations.fields.removeByName('method');
    app.save(destinations);
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.fields.removeByName('request_values');
    app.save(deliveries);
  },
);
