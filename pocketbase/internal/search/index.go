package search

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
)

const (
	// pageRows is how many events are read at once.
	pageRows = 200
	// restFactor leaves the writing connection to others for so many times as long as it was held, besides what a hold does.
	restFactor = 8
	// gatherFor is how long events gather before they are indexed together.
	gatherFor = 500 * time.Millisecond
	// lookAgain is when events are looked for although nothing was written.
	lookAgain = 30 * time.Second
)

// Index keeps the words of events up to date, behind what is accepted.
type Index struct{ *store.Store }

// Run indexes until the context ends: what there is already, then what comes.
func (x Index) Run(ctx context.Context) {
	for ctx.Err() == nil {
		more := x.Changes.More()
		if err := x.CatchUp(ctx); err != nil {
			x.App.Logger().Warn("Events are not searchable yet; it is tried again", "error", err)
		}
		select {
		case <-more:
		case <-time.After(lookAgain):
		case <-ctx.Done():
		}
		store.Rest(ctx, gatherFor)
	}
}

const selectIndexed = `SELECT coalesce((SELECT rowid FROM events_text ORDER BY rowid DESC LIMIT 1), 0)`

const selectUnindexed = `SELECT seq, account, id, type, correlation_id, dedupe_key, substr(extracted, 1, 20000) AS extracted
	FROM events WHERE seq > {:after} ORDER BY seq LIMIT {:limit}`

const insertWords = `INSERT INTO events_text (rowid, account, words) VALUES (?, ?, ?)`

type unindexed struct {
	Seq           int64  `db:"seq"`
	Account       string `db:"account"`
	ID            string `db:"id"`
	Type          string `db:"type"`
	CorrelationID string `db:"correlation_id"`
	DedupeKey     string `db:"dedupe_key"`
	Extracted     string `db:"extracted"`
}

func (e unindexed) words() string {
	return strings.ToValidUTF8(strings.Join([]string{e.ID, e.Type, e.CorrelationID, e.DedupeKey, wordsOf(e.Extracted)}, " "), " ")
}

// CatchUp indexes all events that are not yet.
func (x Index) CatchUp(ctx context.Context) error {
	var after int64
	db, holds := x.App.ConcurrentDB(), x.NewHolds()
	if err := db.NewQuery(selectIndexed).Row(&after); err != nil {
		return err
	}
	for ctx.Err() == nil {
		var page []unindexed
		if err := db.NewQuery(selectUnindexed).Bind(dbx.Params{"after": after, "limit": pageRows}).All(&page); err != nil || len(page) == 0 {
			return err
		}
		for len(page) > 0 && ctx.Err() == nil {
			began := time.Now()
			err := holds.Run(func(tx *store.Transaction, enough func() bool) error {
				for len(page) > 0 && !enough() {
					if _, err := tx.Exec(insertWords, page[0].Seq, page[0].Account, page[0].words()); err != nil {
						return err
					}
					after, page = page[0].Seq, page[1:]
				}
				return nil
			})
			if err != nil {
				return err
			}
			store.Rest(ctx, restFactor*time.Since(began)/2)
		}
	}
	return nil
}
