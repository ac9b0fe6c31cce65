package policy

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Bind lets what waits for a destination follow its edits, in the same transaction.
func Bind(app core.App, now func() time.Time) {
	app.OnRecordUpdateExecute("destinations").BindFunc(func(e *core.RecordEvent) error {
		enabled, wasEnabled := e.Record.GetBool("enabled"), e.Record.Original().GetBool("enabled")
		if enabled {
			e.Record.Set("disabled_reason", "")
		}
		if err := e.Next(); err != nil {
			return err
		}
		paused, wasPaused := e.Record.GetBool("paused"), e.Record.Original().GetBool("paused")
		reconsider := probeSoon
		switch {
		case enabled && !wasEnabled:
			reconsider = forgetBreaker
		case wasPaused && !paused:
			reconsider = resumeBreaker
		}
		if err := reconsider(e.App.DB(), e.Record.Id, now()); err != nil {
			return err
		}
		if enabled && !paused {
			return releaseDeliveries(e.App.DB(), e.Record.Id, now())
		}
		return holdDeliveries(e.App.DB(), e.Record.Id, now())
	})
	app.OnRecordDeleteExecute("destinations").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if err := forgetBreaker(e.App.DB(), e.Record.Id, now()); err != nil {
			return err
		}
		return cancelDeliveries(e.App.DB(), e.Record.Id, now())
	})
}
