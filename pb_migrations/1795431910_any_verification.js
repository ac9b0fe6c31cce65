/// Ways to prove oneself for producers that no scheme is named after.
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
      'public-key',
      'jwt',
      'token',
      'basic',
      'bearer',
      'aws-sns',
    ];
    sources.fields.getByName('verification').help =
      "How a request proves where it comes from: the vendor's own way, or standard-webhooks (svix too), hmac, public-key, jwt, token, basic or bearer. none: anybody who knows the URL may post.";
    const options = sources.fields.getByName('verification_options');
    options.maxSize = 5000;
    options.help =
      'For hmac, public-key: {"header": "x-signature", "prefix": "v0=", "signed": "{{ timestamp }}.{{ body }}", "timestamp": "headers.x-time"}. token: {"place": "query.key"}. jwt: {"algorithm": "RS256"}. twilio: {"url": "https://…"}. Others: empty. All options: docs/sources.md.';
    app.save(sources);
  },
  (app) => {
    // The older version can't check them. As disabled hmac sources they keep their encrypted secrets and take nothing.
    app
      .db()
      .newQuery(
        "UPDATE sources SET enabled = FALSE, verification = 'hmac', verification_options = NULL WHERE verification IN ('public-key', 'jwt', 'token', 'aws-sns')",
      )
      .execute();
    const sources = app.findCollectionByNameOrId('sources');
    const verification = sources.fields.getByName('verification');
    verification.values = verification.values.filter(
      (scheme) => !['public-key', 'jwt', 'token', 'aws-sns'].includes(scheme),
    );
    sources.fields.getByName('verification_options').maxSize = 2000;
    app.save(sources);
  },
);
