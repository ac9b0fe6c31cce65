/// How fast a destination may be delivered to, and whether it is paused. Nothing that is stored already changes.
migrate(
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    destinations.fields.add(
      new NumberField({
        name: 'rate_limit',
        min: 0,
        max: 1000,
        help: 'Deliveries per second, such as 5 or 0.5, counted over all processes; 0: no limit.',
      }),
      new BoolField({
        name: 'paused',
        help: 'Its waiting deliveries are held, and go out in order when it is resumed.',
      }),
    );
    app.save(destinations);
  },
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    destinations.fields.removeByName('rate_limit');
    destinations.fields.removeByName('paused');
    app.save(destinations);
  },
);
