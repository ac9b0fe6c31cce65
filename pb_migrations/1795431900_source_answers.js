/// What a source does when it is paused, with JSON that is none, and for pages in browsers.
migrate(
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    const fields = [
      new SelectField({
        name: 'when_paused',
        maxSelect: 1,
        values: ['retry', 'not_found', 'gone'],
        help: 'What producers are answered while it is off. retry: 503 with Retry-After, so that they come again. not_found: 404. gone: 410, which makes some of them give up for good.',
      }),
      new SelectField({
        name: 'on_malformed',
        maxSelect: 1,
        values: ['refuse', 'keep'],
        help: 'A body that is declared as JSON and is none. refuse: answered 400, and listed under rejections. keep: stored as a text, decided as an error, and sent nowhere until you replay it.',
      }),
      new JSONField({
        name: 'cors_origins',
        maxSize: 5000,
        help: 'Pages in browsers that may post here. Example: ["https://www.example.com"], or ["*"] for all. Empty: none.',
      }),
    ];
    const after = sources.fields.fieldNames().indexOf('not_redacted') + 1;
    for (let i = 0; i < fields.length; i++) sources.fields.addAt(after + i, fields[i]);
    sources.fields.getByName('enabled').help = 'Off: requests to it are refused, as when_paused says.';
    app.save(sources);
    app.db().newQuery("UPDATE sources SET when_paused = 'retry', on_malformed = 'refuse'").execute();
  },
  (app) => {
    const sources = app.findCollectionByNameOrId('sources');
    for (const name of ['when_paused', 'on_malformed', 'cors_origins']) sources.fields.removeByName(name);
    app.save(sources);
  },
);
