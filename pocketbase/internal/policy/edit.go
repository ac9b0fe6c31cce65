package policy

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
)

// standing is whether people want a destination to get deliveries.
type standing struct{ enabled, paused bool }

func (s standing) isOpen() bool { return s.enabled && !s.paused }

func standingOf(record *core.Record) standing {
	return standing{enabled: record.GetBool("enabled"), paused: record.GetBool("paused")}
}

// edit is a change of a destination by a person: by command, through the API's records, or in the dashboard.
type edit struct {
	destination, account string
	was, is              standing
	// rate is how many held deliveries per second are released; 0: all at once.
	rate float64
	// by is the caller; nil: the service itself.
	by *audit.Caller
}

// follow applies the edit to the destination's breaker and its waiting deliveries, in the transaction of the edit. Pausing
// and resuming have audit rows of their own. Returns how many deliveries were held or released.
func (e edit) follow(db dbx.Builder, now time.Time) (deliveries int64, err error) {
	reconsider := probeSoon
	switch {
	case e.is.enabled && !e.was.enabled:
		reconsider = forgetBreaker
	case e.was.paused && !e.is.paused:
		reconsider = resumeBreaker
	}
	if err := reconsider(db, e.destination, now); err != nil {
		return 0, err
	}
	if e.is.isOpen() {
		deliveries, err = releaseDeliveries(db, e.destination, e.rate, now)
	} else {
		deliveries, err = holdDeliveries(db, e.destination, now)
	}
	if err != nil || e.was.paused == e.is.paused || e.by == nil {
		return deliveries, err
	}
	return deliveries, audit.WriteIn(db, now, e.entry(deliveries))
}

func (e edit) entry(deliveries int64) audit.Entry {
	action, detail := "destination.pause", map[string]any{"deliveries": deliveries}
	if !e.is.paused {
		action = "destination.resume"
		if e.rate > 0 {
			detail["rate"] = e.rate
		}
	}
	return audit.Entry{Account: e.account, By: *e.by, Action: action, SubjectType: "destination", Subject: e.destination, Detail: detail}
}

// Bind holds, releases or cancels a destination's waiting deliveries when its record changes, in the same transaction.
func Bind(app core.App, now func() time.Time) {
	app.OnRecordUpdateExecute("destinations").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetBool("enabled") {
			e.Record.Set("disabled_reason", "")
		}
		was := standingOf(e.Record.Original())
		if err := e.Next(); err != nil {
			return err
		}
		_, err := edit{
			destination: e.Record.Id, account: e.Record.GetString("account"),
			was: was, is: standingOf(e.Record), by: audit.AskedBy(e.Record),
		}.follow(e.App.DB(), now())
		return err
	})
	app.OnRecordDeleteExecute("destinations").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		if err := forgetBreaker(e.App.DB(), e.Record.Id, now()); err != nil {
			return err
		}
		_, err := cancelDeliveries(e.App.DB(), e.Record.Id, now())
		return err
	})
}
