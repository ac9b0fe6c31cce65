package traffic

import (
	"time"

	"pockethook/internal/store"
)

// kept is twice the day that the overview shows, which it compares with the day before.
const kept = 49 * time.Hour

// purgeEvery is a cron expression.
const purgeEvery = "*/10 * * * *"

// selectAccounts jumps from one account to the next.
const selectAccounts = `WITH RECURSIVE a (account) AS (SELECT min(account) FROM traffic UNION ALL
	SELECT (SELECT min(account) FROM traffic WHERE account > a.account) FROM a WHERE a.account IS NOT NULL)
	SELECT account FROM a WHERE account IS NOT NULL`

const stepRows = 100

const deleteOld = `DELETE FROM traffic WHERE (account, slot_s, slot, metric) IN
	(SELECT account, slot_s, slot, metric FROM traffic WHERE account = ?1 AND slot_s = ?2 AND slot < ?3 LIMIT ?4)`

// BindPurge deletes old counts on a schedule.
func BindPurge(s *store.Store) error {
	return s.App.Cron().Add("pockethook-forget-traffic", purgeEvery, func() {
		if err := Purge(s); err != nil {
			s.App.Logger().Error("old counts of traffic were not deleted; it is tried again in 10 minutes", "error", err)
		}
	})
}

// Purge deletes what is older than the overview shows.
func Purge(s *store.Store) error {
	var accounts []string
	if err := s.App.ConcurrentDB().NewQuery(selectAccounts).Column(&accounts); err != nil {
		return err
	}
	bound, holds := s.Now().Add(-kept).Unix(), s.NewHolds()
	for _, account := range accounts {
		for _, seconds := range []int64{minuteS, quarterS} {
			for deleted := int64(stepRows); deleted == stepRows; {
				err := holds.Run(func(tx *store.Transaction, enough func() bool) (err error) {
					for deleted == stepRows && err == nil && !enough() {
						deleted, err = tx.Exec(deleteOld, account, seconds, bound/seconds, stepRows)
					}
					return err
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}
