/// Collections are changed by migrations only, so the dashboard hides those controls; nobody's IP address is kept.
migrate(
  (app) => {
    const settings = app.settings();
    settings.meta.appName = 'Pockethook';
    settings.meta.hideControls = true;
    settings.logs.logIP = false;
    settings.logs.minLevel = 4; // warnings and errors: one line a successful request would be written to disk otherwise
    settings.logs.maxDays = 7;
    app.save(settings);

    // There is no mail server to send "new login" notices with.
    const superusers = app.findCollectionByNameOrId('_superusers');
    superusers.authAlert.enabled = false;
    app.save(superusers);
  },
  (app) => {
    const settings = app.settings();
    settings.meta.appName = 'Acme';
    settings.meta.hideControls = false;
    settings.logs.logIP = true;
    settings.logs.minLevel = 0;
    settings.logs.maxDays = 5;
    app.save(settings);

    const superusers = app.findCollectionByNameOrId('_superusers');
    superusers.authAlert.enabled = true;
    app.save(superusers);
  },
);
