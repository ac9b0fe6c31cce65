package hits

import (
	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
)

// purgeEvery is how often old rows are deleted, as a cron expression.
const purgeEvery = "*/10 * * * *"

// stepRows is how many rows one step deletes.
const stepRows = 16

// forgetting deletes old rows of one table: those up to a bound, site by site if find is set, which lists the sites.
type forgetting struct {
	find, remove string
	bound        func(now int64) int64
}

func before(ms, unit int64) func(now int64) int64 {
	return func(now int64) int64 { return (now - ms) / unit }
}

// The parameters of remove: bound, how many rows, site.
var forgettings = []forgetting{
	{`SELECT site FROM site_hits WHERE EXISTS (
		SELECT 1 FROM visitors INDEXED BY idx_visitors_seen WHERE site = site_hits.site AND last_seen <= {:bound})`,
		`DELETE FROM visitors WHERE (site, visitor) IN (SELECT site, visitor FROM visitors INDEXED BY idx_visitors_seen
			WHERE site = ?3 AND last_seen <= ?1 LIMIT ?2)`, before(keepMs, 1)},
	{`SELECT site FROM site_hits WHERE EXISTS (SELECT 1 FROM page_views WHERE site = site_hits.site AND minute < {:bound})`,
		`DELETE FROM page_views WHERE (site, minute, page) IN (SELECT site, minute, page FROM page_views
			WHERE site = ?3 AND minute < ?1 LIMIT ?2)`, before(keepMs, minuteMs)},
	// Of a site that was deleted, a day after the last that belonged to it.
	{"", `DELETE FROM site_hits WHERE site IN (SELECT site FROM site_hits WHERE last_hit <= ?1 AND site NOT IN (SELECT id FROM sites) LIMIT ?2)`,
		before(keepMs+24*hour, 1)},
	// Their order is about that of their times: the first that stays ends it.
	{"", `DELETE FROM completions WHERE seq IN (SELECT seq FROM completions ORDER BY seq LIMIT ?2) AND at <= ?1`, before(keepMs, 1)},
	{"", `DELETE FROM dropped_hits WHERE (site, hour, reason) IN (SELECT site, hour, reason FROM dropped_hits
		INDEXED BY idx_dropped_hits_hour WHERE hour < ?1 LIMIT ?2)`, before(keepDroppedHours*hour, hour)},
	{"", `DELETE FROM site_values WHERE (site, window_s, day) IN (SELECT site, window_s, day FROM site_values
		INDEXED BY idx_site_values_day WHERE day < ?1 LIMIT ?2)`, before(keepValueDays*24*hour, 24*hour)},
	{"", `DELETE FROM hit_batches WHERE sender IN (SELECT sender FROM hit_batches WHERE at <= ?1 LIMIT ?2)`, before(keepMs, 1)},
}

// BindPurge deletes old rows on a schedule, so that retention doesn't depend on requests.
func (h *Hits) BindPurge() error {
	return h.App.Cron().Add("pockethook-forget-hits", purgeEvery, func() {
		if _, err := h.Purge(); err != nil {
			h.App.Logger().Error("what is too old of the hits was not deleted; it is tried again in 10 minutes", "error", err)
		}
	})
}

// Purge deletes everything past its retention time, in small steps; salts first.
func (h *Hits) Purge() (deleted int64, err error) {
	now := h.Now()
	if err := h.Write(func(tx *store.Transaction) error { return forgetSalts(tx, now) }); err != nil {
		return 0, err
	}
	holds := h.NewHolds()
	for _, kind := range forgettings {
		bound := kind.bound(now.UnixMilli())
		sites, err := h.sitesWith(kind.find, bound)
		if err != nil {
			return deleted, err
		}
		for len(sites) > 0 {
			err := holds.Run(func(tx *store.Transaction, enough func() bool) error {
				for len(sites) > 0 && !enough() {
					gone, err := tx.Exec(kind.remove, bound, stepRows, sites[0])
					if err != nil {
						return err
					}
					if deleted += gone; gone < stepRows {
						sites = sites[1:]
					}
				}
				return nil
			})
			if err != nil {
				return deleted, err
			}
		}
	}
	return deleted, nil
}

// sitesWith has one entry for what is not looked for by site.
func (h *Hits) sitesWith(query string, bound int64) (sites []string, err error) {
	if query == "" {
		return []string{""}, nil
	}
	err = h.App.ConcurrentDB().NewQuery(query).Bind(dbx.Params{"bound": bound}).Column(&sites)
	return sites, err
}
