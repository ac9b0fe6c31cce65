package retention

import (
	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
	"pockethook/internal/traffic"
)

type oldEvent struct {
	ID         string `db:"id"`
	Row        string `db:"row"`
	ReceivedAt string `db:"received_at"`
	// Open: a delivery is not final, so the event stays.
	Open bool `db:"open"`
}

const selectOldEvents = `SELECT id, rowid AS row, received_at, EXISTS (
		SELECT 1 FROM deliveries INDEXED BY idx_deliveries_event WHERE event = events.id AND ` + store.NotFinal + `) AS open
	FROM events INDEXED BY idx_events_received
	WHERE received_at < {:before} AND (received_at, rowid) > ({:time}, {:row}) ORDER BY received_at, rowid LIMIT {:limit}`

// deleteEvents deletes old events, the oldest first. False when the budget is used up.
func (r *retaining) deleteEvents(before string) (bool, error) {
	for {
		time, row := position(r.answer.After)
		var page []oldEvent
		err := r.s.App.ConcurrentDB().NewQuery(selectOldEvents).
			Bind(dbx.Params{"before": before, "time": time, "row": row, "limit": pageRows}).All(&page)
		if err != nil {
			return false, err
		}
		if len(page) == 0 {
			return true, nil
		}
		for len(page) > 0 {
			if page[0].Open {
				r.pass(&page)
				continue
			}
			if inTime, err := r.deletePage(&page); err != nil || !inTime {
				return false, err
			}
		}
		if !r.inTime() {
			return false, nil
		}
	}
}

// pass moves the position past an event, whether deleted or kept.
func (r *retaining) pass(page *[]oldEvent) {
	r.answer.After = (*page)[0].ReceivedAt + "/" + (*page)[0].Row
	*page = (*page)[1:]
}

const selectOpen = `SELECT EXISTS (SELECT 1 FROM deliveries INDEXED BY idx_deliveries_event WHERE event = ? AND ` + store.NotFinal + `)`

// deletePage deletes the first events of a page, as many as fit into one short transaction.
func (r *retaining) deletePage(page *[]oldEvent) (inTime bool, err error) {
	return r.hold(func(tx *store.Transaction, enough func() bool) error {
		for len(*page) > 0 && !enough() {
			event := (*page)[0]
			// A retry or a replay may have been requested since the page was read.
			if _, err := tx.Row(selectOpen, []any{event.ID}, &event.Open); err != nil {
				return err
			}
			if !event.Open {
				gone, err := r.deleteEvent(tx, event.ID, enough)
				if err != nil {
					return err
				}
				if !gone {
					break
				}
			}
			r.pass(page)
		}
		return traffic.AttemptsDeleted(tx)
	})
}

// retainSteps delete the rows that belong to an event, a few at a time. The event itself comes last, so that rows left over
// by an interrupted deletion are found again.
var retainSteps = []struct {
	query string
	count func(*Deleted) *int64
}{
	{`DELETE FROM attempts WHERE rowid IN (SELECT a.rowid FROM deliveries d INDEXED BY idx_deliveries_event
		CROSS JOIN attempts a ON a.delivery = d.id WHERE d.event = ? LIMIT ?)`, func(d *Deleted) *int64 { return &d.Attempts }},
	{`DELETE FROM deliveries WHERE rowid IN (SELECT rowid FROM deliveries INDEXED BY idx_deliveries_event
		WHERE event = ? LIMIT ?)`, func(d *Deleted) *int64 { return &d.Deliveries }},
}

const (
	deleteEventText = `DELETE FROM events_text WHERE rowid = (SELECT seq FROM events WHERE id = ?)`
	deleteEventBody = `DELETE FROM event_bodies WHERE id = ?`
	deleteEvent     = `DELETE FROM events WHERE id = ?`
)

// deleteEvent returns false if the transaction's time was up before the event was deleted.
func (r *retaining) deleteEvent(tx *store.Transaction, id string, enough func() bool) (bool, error) {
	for _, step := range retainSteps {
		for deleted := int64(stepRows); deleted == stepRows; {
			var err error
			if deleted, err = tx.Exec(step.query, id, stepRows); err != nil {
				return false, err
			}
			*step.count(&r.answer.Deleted) += deleted
			if deleted == stepRows && enough() {
				return false, nil
			}
		}
	}
	if _, err := tx.Exec(deleteEventText, id); err != nil {
		return false, err
	}
	if _, err := tx.Exec(deleteEventBody, id); err != nil {
		return false, err
	}
	deleted, err := tx.Exec(deleteEvent, id)
	r.answer.Deleted.Events += deleted
	return err == nil, err
}
