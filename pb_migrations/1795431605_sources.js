/// Named ingest endpoints. The field names are those of api/src/model/configuration.ts.
migrate(
  (app) => {
    const sources = new Collection({
      type: 'base',
      name: 'sources',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        {
          type: 'text',
          name: 'name',
          required: true,
          max: 63,
          pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
          presentable: true,
          help: 'The last part of the URL that producers post to: /ingest/{name}.',
        },
        { type: 'bool', name: 'enabled', help: 'Off: requests to it are refused as if it did not exist.' },
        {
          type: 'select',
          name: 'verification',
          required: true,
          maxSelect: 1,
          values: ['none', 'github', 'standard-webhooks', 'hmac'],
          help: 'How a request proves where it comes from.',
        },
        {
          type: 'json',
          name: 'secrets',
          maxSize: 20000,
          help: 'List of texts, such as ["a long secret"]; two while one is rotated out. Encrypted; shown masked. A mask that is left as it is keeps its secret.',
        },
        {
          type: 'json',
          name: 'verification_options',
          maxSize: 2000,
          help: 'For hmac: {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""}.',
        },
        {
          type: 'text',
          name: 'event_type',
          max: 4000,
          help: "Expression for the event's type, such as body.action. Empty: the scheme's default.",
        },
        {
          type: 'text',
          name: 'dedupe_key',
          max: 4000,
          help: "Expression for the key under which a second event is a duplicate. Empty: the scheme's default.",
        },
        {
          type: 'json',
          name: 'extract',
          maxSize: 100000,
          help: 'Name → expression, such as {"title": "body.issue.title"}; filters and templates see the results as data.',
        },
        {
          type: 'number',
          name: 'max_body_bytes',
          onlyInt: true,
          min: 0,
          max: 33554432,
          help: 'Largest body that is accepted, up to 33,554,432; 0: 5 MiB.',
        },
        {
          type: 'relation',
          name: 'account',
          collectionId: app.findCollectionByNameOrId('accounts').id,
          required: true,
          maxSelect: 1,
          help: 'Empty: the account "default".',
        },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_sources_name` ON `sources` (`name`)',
        'CREATE INDEX `idx_sources_account` ON `sources` (`account`)',
      ],
    });
    app.save(sources);
  },
  (app) => app.delete(app.findCollectionByNameOrId('sources')),
);
