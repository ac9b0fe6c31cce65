/// Guessing passwords directly at this service is slowed down as well. The API service logs people in from one address, so
/// this limit lies above the API's own.
migrate(
  (app) => {
    const settings = app.settings();
    settings.rateLimits.enabled = true;
    settings.rateLimits.rules = [{ label: '*:authWithPassword', maxRequests: 120, duration: 60, audience: '' }];
    app.save(settings);
  },
  (app) => {
    const settings = app.settings();
    settings.rateLimits.enabled = false;
    settings.rateLimits.rules = [];
    app.save(settings);
  },
);
