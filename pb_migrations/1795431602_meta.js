/// Counters of the installation: the version of the configuration, and the last position given to an event or delivery.
migrate(
  (app) => {
    const meta = new Collection({
      type: 'base',
      name: 'meta',
      fields: [
        { type: 'text', name: 'key', required: true, max: 50, presentable: true },
        { type: 'number', name: 'value', onlyInt: true },
      ],
      indexes: ['CREATE UNIQUE INDEX `idx_meta_key` ON `meta` (`key`)'],
    });
    app.save(meta);
    for (const key of ['config_version', 'seq']) app.save(new Record(meta, { key, value: 0 }));
  },
  (app) => app.delete(app.findCollectionByNameOrId('meta')),
);
