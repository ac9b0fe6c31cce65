package policy

import (
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/audit"
	"pockethook/internal/store"
)

const disable = `UPDATE destinations SET enabled = FALSE, disabled_reason = ?, updated = ` + store.LaterThanUpdated + `
	WHERE id = ? AND enabled RETURNING account`

// disableDestination disables a destination in the transaction of a settlement, with the same effects as an edit of its
// record, and an audit row. False if it was disabled already.
func disableDestination(tx *store.Transaction, destination, reason string, now time.Time) (bool, error) {
	reason = store.Clip(reason, 500)
	var account string
	changed, err := tx.Row(disable, []any{reason, store.FormatTime(now), destination}, &account)
	if err != nil || !changed {
		return false, err
	}
	err = audit.Write(tx, now, audit.Entry{
		Account: account, By: audit.Caller{Actor: audit.ByItself}, Action: "destination.disable", SubjectType: "destination", Subject: destination,
		Detail: map[string]any{"reason": reason},
	})
	if err != nil {
		return false, err
	}
	db := tx.Builder()
	if _, err := holdDeliveries(db, destination, now); err != nil {
		return false, err
	}
	return true, store.Gateway.CountChange(db, "destinations", destination)
}

const holdPending = `UPDATE ` + store.ByDueDestination + ` SET state = 'held', updated = {:now}
	WHERE state = 'pending' AND destination = {:destination}`

// holdDeliveries holds the pending deliveries of a destination that is disabled or paused.
func holdDeliveries(db dbx.Builder, destination string, now time.Time) (int64, error) {
	return moveWaiting(db, holdPending, dbx.Params{"destination": destination, "now": store.FormatTime(now)})
}

// releaseHeld makes held deliveries pending in the order of acceptance, one each interval (seconds); none becomes due before
// its own next attempt.
const releaseHeld = `UPDATE deliveries SET state = 'pending', updated = {:now},
	next_attempt_at = max(next_attempt_at, strftime('%Y-%m-%d %H:%M:%fZ', {:now}, '+' || (turn.number * {:interval}) || ' seconds'))
	FROM (SELECT id AS held, row_number() OVER (ORDER BY seq) - 1 AS number FROM ` + store.ByOrder + `
		WHERE ` + store.NotFinal + ` AND state = 'held' AND destination = {:destination}) turn
	WHERE deliveries.id = turn.held`

// releaseDeliveries makes held deliveries pending, `rate` per second; 0: all at once.
func releaseDeliveries(db dbx.Builder, destination string, rate float64, now time.Time) (int64, error) {
	interval := 0.0
	if rate > 0 {
		interval = 1 / rate
	}
	return moveWaiting(db, releaseHeld, dbx.Params{"destination": destination, "now": store.FormatTime(now), "interval": interval})
}

const cancelWaiting = `UPDATE ` + store.ByOrder + ` SET state = 'cancelled', last_error = '` + store.DestinationDeleted + `', updated = {:now}
	WHERE ` + store.NotFinal + ` AND state != 'delivering' AND destination = {:destination}`

// cancelDeliveries cancels the waiting deliveries of a destination that is deleted.
func cancelDeliveries(db dbx.Builder, destination string, now time.Time) (int64, error) {
	return moveWaiting(db, cancelWaiting, dbx.Params{"destination": destination, "now": store.FormatTime(now)})
}

func moveWaiting(db dbx.Builder, query string, params dbx.Params) (int64, error) {
	result, err := db.NewQuery(query).Bind(params).Execute()
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
