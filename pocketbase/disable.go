package main

import (
	"context"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const disable = `UPDATE destinations SET enabled = FALSE, disabled_reason = ?, updated = ?
	WHERE id = (SELECT destination FROM deliveries WHERE id = ?) AND enabled RETURNING id`

// disableDestination switches the destination of a settlement off in the same transaction, with all that the hook of an
// edit by hand would do. It returns its id, or "" if it was off already.
func (q *queue) disableDestination(tx *transaction, one settlement, now time.Time) (string, error) {
	var destination string
	changed, err := tx.row(disable, []any{clip(one.Next.DisableDestination, 500), storeTime(now), one.Delivery}, &destination)
	if err != nil || !changed {
		return "", err
	}
	db := tx.builder(q.writer)
	if err := holdDeliveries(db, destination, now); err != nil {
		return "", err
	}
	return destination, bumpConfigVersion(db)
}

// tellDisabled lets everything that follows the records know, as after an edit by hand.
func (q *queue) tellDisabled(destinations []string) {
	for _, id := range destinations {
		record, err := q.app.FindRecordById("destinations", id)
		if err != nil {
			continue // deleted since
		}
		event := &core.ModelEvent{App: q.app, Context: context.Background(), Type: core.ModelEventTypeUpdate}
		event.Model = record
		if err := q.app.OnModelAfterUpdateSuccess().Trigger(event); err != nil {
			q.app.Logger().Warn("A disabled destination was not announced", "destination", id, "error", err)
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
