package retention

import (
	"database/sql"

	"pockethook/internal/store"
)

const (
	selectFree = `PRAGMA freelist_count`
	// vacuumSome frees only a few pages per call, since each may have to be filled with one from the end of the file.
	vacuumSome = `PRAGMA incremental_vacuum(32)`
)

// vacuum gives free pages back to the file system. False when the budget is used up.
func (r *retaining) vacuum() (bool, error) {
	for {
		var free int64
		if err := r.s.App.ConcurrentDB().NewQuery(selectFree).Row(&free); err != nil || free == 0 {
			return true, err
		}
		before := free
		inTime, err := r.hold(func(tx *store.Transaction, enough func() bool) error {
			for free > 0 && !enough() {
				// The pragma frees one page per row, and only as its rows are read.
				if err := tx.Rows(vacuumSome, nil, func(*sql.Rows) error { return nil }); err != nil {
					return err
				}
				if _, err := tx.Row(selectFree, nil, &free); err != nil {
					return err
				}
			}
			return nil
		})
		r.answer.Deleted.FreedPages += before - free
		if err != nil || !inTime {
			return false, err
		}
	}
}
