/// Logging in at this service itself, in whatever way, is limited by address. People whom the API service logs in are
/// limited there and don't count here, so this limit is lower than the one before it. Rules of an operator's own stay.
migrate(
  (app) => {
    const settings = app.settings();
    const { rules } = settings.rateLimits;
    const ours = rules.findIndex(({ label, maxRequests }) => label === '*:authWithPassword' && maxRequests === 120);
    if (ours < 0) return;
    rules[ours] = { label: '*:auth', maxRequests: 30, duration: 60, audience: '' };
    settings.rateLimits.rules = rules;
    app.save(settings);
  },
  (app) => {
    const settings = app.settings();
    const { rules } = settings.rateLimits;
    const ours = rules.findIndex(({ label, maxRequests }) => label === '*:auth' && maxRequests === 30);
    if (ours < 0) return;
    rules[ours] = { label: '*:authWithPassword', maxRequests: 120, duration: 60, audience: '' };
    settings.rateLimits.rules = rules;
    app.save(settings);
  },
);
