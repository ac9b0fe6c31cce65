package main

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// bindDestinationState lets what waits for a destination follow its edits, in the same transaction.
func bindDestinationState(app core.App, now func() time.Time) {
	app.OnRecordUpdateExecute("destinations").BindFunc(func(e *core.RecordEvent) error {
		enabled := e.Record.GetBool("enabled")
		if enabled {
			e.Record.Set("disabled_reason", "")
		}
		if err := e.Next(); err != nil {
			return err
		}
		if enabled {
			return releaseDeliveries(e.App.DB(), e.Record.Id, now())
		}
		return holdDeliveries(e.App.DB(), e.Record.Id, now())
	})
	app.OnRecordDeleteExecute("destinations").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return cancelDeliveries(e.App.DB(), e.Record.Id, now())
	})
}
