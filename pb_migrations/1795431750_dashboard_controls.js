/// Record forms are open again: hiding the controls of collections locked those of every record as well. Changes of
/// collections are refused by the service itself (pocketbase/internal/edits/read_only.go).
migrate(
  (app) => {
    const settings = app.settings();
    settings.meta.hideControls = false;
    app.save(settings);
  },
  (app) => {
    const settings = app.settings();
    settings.meta.hideControls = true;
    app.save(settings);
  },
);
