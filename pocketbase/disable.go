package main

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const disable = `UPDATE destinations SET enabled = FALSE, disabled_reason = ?, updated = ?
	WHERE id = ? AND enabled RETURNING account`

// disableDestination switches a destination off in the transaction of a settlement, with all that the hook of an edit by
// hand would do, and an audit row. It is false if the destination was off already.
func disableDestination(tx *transaction, destination, reason string, now time.Time) (bool, error) {
	reason = clip(reason, 500)
	var account string
	changed, err := tx.Row(disable, []any{reason, storeTime(now), destination}, &account)
	if err != nil || !changed {
		return false, err
	}
	err = writeAudit(tx, now, auditEntry{
		Account: account, By: caller{Actor: byItself}, Action: "destination.disable", SubjectType: "destination", Subject: destination,
		Detail: map[string]any{"reason": reason},
	})
	if err != nil {
		return false, err
	}
	db := tx.Builder()
	if err := holdDeliveries(db, destination, now); err != nil {
		return false, err
	}
	return true, bumpConfigVersion(db)
}

// tellEdited lets everything that follows the records know, as after an edit by hand.
func tellEdited(app core.App, destinations []string) {
	for _, id := range destinations {
		record, err := app.FindRecordById("destinations", id)
		if err != nil {
			continue // deleted since
		}
		event := &core.ModelEvent{App: app, Context: context.Background(), Type: core.ModelEventTypeUpdate}
		event.Model = record
		if err := app.OnModelAfterUpdateSuccess().Trigger(event); err != nil {
			app.Logger().Warn("A change of a destination was not announced", "destination", id, "error", err)
		}
	}
}

// holdDeliveries keeps what waits for a destination that is off.
func holdDeliveries(db dbx.Builder, destination string, now time.Time) error {
	return moveWaiting(db, `UPDATE `+byDueDestination+` SET state = 'held', updated = {:now}
		WHERE state = 'pending' AND destination = {:destination}`, destination, now)
}

// releaseDeliveries lets go what was held; each keeps its time.
func releaseDeliveries(db dbx.Builder, destination string, now time.Time) error {
	return moveWaiting(db, `UPDATE `+byOrder+` SET state = 'pending', updated = {:now}
		WHERE `+notFinal+` AND state = 'held' AND destination = {:destination}`, destination, now)
}

// cancelDeliveries ends what waits for a destination that is deleted.
func cancelDeliveries(db dbx.Builder, destination string, now time.Time) error {
	return moveWaiting(db, `UPDATE `+byOrder+` SET state = 'cancelled', last_error = '`+destinationDeleted+`', updated = {:now}
		WHERE `+notFinal+` AND state != 'delivering' AND destination = {:destination}`, destination, now)
}

func moveWaiting(db dbx.Builder, query, destination string, now time.Time) error {
	_, err := db.NewQuery(query).Bind(dbx.Params{"destination": destination, "now": storeTime(now)}).Execute()
	return err
}
