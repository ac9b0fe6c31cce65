/// Where deliveries go. The field names are those of api/src/model/configuration.ts.
migrate(
  (app) => {
    const destinations = new Collection({
      type: 'base',
      name: 'destinations',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'name', required: true, max: 100, presentable: true },
        {
          type: 'select',
          name: 'type',
          required: true,
          maxSelect: 1,
          values: ['http', 'discord', 'inbox'],
          help: 'inbox keeps and shows what would be sent; nothing leaves.',
        },
        {
          type: 'text',
          name: 'url',
          max: 4000,
          help: 'Where to post. A Discord URL carries a token: it is encrypted and shown masked. Empty for an inbox.',
        },
        {
          type: 'bool',
          name: 'enabled',
          help: 'Off: its waiting deliveries are held, and go out when it is switched on again.',
        },
        {
          type: 'text',
          name: 'disabled_reason',
          max: 500,
          help: 'Why it was switched off; cleared when it is switched on.',
        },
        {
          type: 'json',
          name: 'headers',
          maxSize: 50000,
          help: 'Header fields for each request, such as {"authorization": "Bearer …"}. Values are encrypted and shown masked.',
        },
        {
          type: 'json',
          name: 'secrets',
          maxSize: 20000,
          help: 'List of signing secrets (whsec_ and base64), the current one first; two while one is rotated out. Empty: requests are not signed.',
        },
        {
          type: 'number',
          name: 'max_concurrency',
          onlyInt: true,
          min: 0,
          max: 1000,
          help: 'Requests under way at once; 0: 64.',
        },
        { type: 'bool', name: 'ordered', help: 'One delivery at a time, in the order of acceptance.' },
        {
          type: 'json',
          name: 'retry_schedule',
          maxSize: 2000,
          help: 'Waits between tries, such as ["0s", "5s", "5m"], each up to 7d. Empty: the default of the installation.',
        },
        {
          type: 'number',
          name: 'timeout_ms',
          onlyInt: true,
          min: 0,
          max: 60000,
          help: 'Longest time for one request, 100 to 60,000; 0: 15,000.',
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
      indexes: ['CREATE INDEX `idx_destinations_account` ON `destinations` (`account`)'],
    });
    app.save(destinations);
  },
  (app) => app.delete(app.findCollectionByNameOrId('destinations')),
);
