/// More ways for a producer to prove itself, and how many events a second a source takes.
migrate(
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    sources.fields.getByName('verification').values = [
      'none',
      'github',
      'gitlab',
      'stripe',
      'slack',
      'shopify',
      'twilio',
      'discord',
      'standard-webhooks',
      'hmac',
      'basic',
      'bearer',
    ];
    sources.fields.getByName('verification_options').help =
      'For hmac: {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""}. For twilio: {"url": "https://hooks.example.com/ingest/twilio"}, as Twilio has it.';
    sources.fields.getByName('extract').help =
      'Name → expression, such as {"title": "body.issue.title"}; filters and templates see the results as data. Empty: the scheme\'s default.';
    sources.fields.addAt(
      sources.fields.fieldNames().indexOf('max_body_bytes') + 1,
      new NumberField({
        name: 'rate_limit',
        onlyInt: true,
        min: 0,
        max: 100000,
        help: 'Events a second that each API process takes; 0: as many as come.',
      }),
    );
    app.save(sources);
  },
  (app) => {
    // The older version can't check them. As disabled hmac sources they keep their encrypted secrets and take nothing.
    app
      .db()
      .newQuery(
        "UPDATE sources SET enabled = FALSE, verification = 'hmac', verification_options = NULL WHERE verification NOT IN ('none', 'github', 'standard-webhooks', 'hmac')",
      )
      .execute();
    const sources = app.findCollectionByNameOrId('sources');
    sources.fields.removeByName('rate_limit');
    sources.fields.getByName('verification').values = ['none', 'github', 'standard-webhooks', 'hmac'];
    sources.fields.getByName('verification_options').help =
      'For hmac: {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""}.';
    sources.fields.getByName('extract').help =
      'Name → expression, such as {"title": "body.issue.title"}; filters and templates see the results as data.';
    app.save(sources);
  },
);
