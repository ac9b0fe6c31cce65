package audit

import (
	"pockethook/internal/store"
)

// WriteOnce runs fn in one write transaction, unless the same request was carried out before: then it returns the answer
// given before. The answer is remembered only if fn reports a change.
func WriteOnce(s *store.Store, by Caller, answer any, fn func(tx *store.Transaction) (changed bool, err error)) error {
	return s.Write(func(tx *store.Transaction) error {
		db := tx.Builder()
		done, err := by.Once.Recall(db, s.Now(), answer)
		if done || err != nil {
			return err
		}
		changed, err := fn(tx)
		if err != nil || !changed {
			return err
		}
		if err := by.Once.Remember(db, s.Now(), answer); err != nil {
			return err
		}
		return by.StillThere()
	})
}
