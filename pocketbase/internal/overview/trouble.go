package overview

import (
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
)

// Backlog counts what is not final. Capped: more of a state than can be counted in a few milliseconds.
type Backlog struct {
	Pending    int64 `json:"pending"`
	Delivering int64 `json:"delivering"`
	Held       int64 `json:"held"`
	Capped     bool  `json:"capped"`
	// OldestDueAt is when the delivery that waits for the longest time was due; empty: none waits.
	OldestDueAt string `json:"oldest_due_at"`
}

// countedAtMost bounds each count.
const countedAtMost = 50_000

func counted(index, condition string) string {
	return `(SELECT count(*) FROM (SELECT 1 FROM ` + index + ` WHERE ` + condition + ` LIMIT {:limit}))`
}

func selectBacklog(ofAccount string) string {
	return `SELECT ` + counted(store.ByDueDestination, `state = 'pending'`+ofAccount) + `,
		` + counted(store.ByLease, `state = 'delivering'`+ofAccount) + `,
		` + counted(store.ByOrder, store.NotFinal+ofAccount)
}

const (
	selectOldestDue          = `SELECT coalesce(min(next_attempt_at), '') FROM ` + store.ByDue + ` WHERE state = 'pending'`
	selectOldestDueOfAccount = `SELECT coalesce(min((SELECT min(next_attempt_at) FROM ` + store.ByDueDestination + `
		WHERE state = 'pending' AND destination = destinations.id)), '') FROM destinations WHERE account = {:account}`
)

// readBacklog counts in the partial indexes of what is not final. What is neither pending nor delivering is held.
func readBacklog(db dbx.Builder, account string) (b Backlog, err error) {
	counts, oldest := selectBacklog(``), selectOldestDue
	if account != "" {
		counts = selectBacklog(` AND destination IN (SELECT id FROM destinations WHERE account = {:account})`)
		oldest = selectOldestDueOfAccount
	}
	var all int64
	params := dbx.Params{"account": account, "limit": countedAtMost}
	if err := db.NewQuery(counts).Bind(params).Row(&b.Pending, &b.Delivering, &all); err != nil {
		return b, err
	}
	b.Held, b.Capped = max(0, all-b.Pending-b.Delivering), all == countedAtMost
	return b, db.NewQuery(oldest).Bind(params).Row(&b.OldestDueAt)
}

// Failing is a destination that has failed since its last success, or was disabled for it.
type Failing struct {
	ID             string `db:"id" json:"id"`
	Account        string `db:"account" json:"account"`
	Name           string `db:"name" json:"name"`
	Type           string `db:"type" json:"type"`
	Enabled        bool   `db:"enabled" json:"enabled"`
	Paused         bool   `db:"paused" json:"paused"`
	DisabledReason string `db:"disabled_reason" json:"disabled_reason"`
	Breaker        string `db:"breaker" json:"breaker"`
	Failures       int64  `db:"failures" json:"failures"`
	FailingSince   string `db:"failing_since" json:"failing_since"`
	NextProbeAt    string `db:"next_probe_at" json:"next_probe_at"`
	// Waiting is how many of its deliveries are not final; it counts 5,000 at most.
	Waiting int64 `db:"waiting" json:"waiting"`
}

// What waits is counted only for those that are shown.
const selectFailing = `SELECT f.*,
	(SELECT count(*) FROM (SELECT 1 FROM ` + store.ByOrder + ` WHERE ` + store.NotFinal + ` AND destination = f.id LIMIT 5000)) AS waiting
	FROM (SELECT d.id, d.account, d.name, d.type, d.enabled, d.paused, d.disabled_reason, coalesce(h.state, 'closed') AS breaker,
		coalesce(h.failures, 0) AS failures, coalesce(h.failing_since, '') AS failing_since, coalesce(h.next_probe_at, '') AS next_probe_at
		FROM destinations d LEFT JOIN destination_health h ON h.id = d.id
		WHERE (h.failures > 0 OR d.disabled_reason != '') AND {:account} IN ('', d.account)
		ORDER BY h.failing_since IS NULL, h.failing_since, d.id LIMIT 20) f`

// Silent is a site that nothing is heard of.
type Silent struct {
	ID      string `db:"id" json:"id"`
	Account string `db:"account" json:"account"`
	Name    string `db:"name" json:"name"`
	Domain  string `db:"domain" json:"domain"`
	// LastHit is in milliseconds; nil: there never was one.
	LastHit *int64 `db:"last_hit" json:"last_hit"`
	// Problem is why a site that Plausible counts can't be read; nil for those whose hits are counted.
	Problem *string `db:"problem" json:"problem"`
}

// silence is how long a site may be without a hit before it is shown.
const silence = time.Hour

const selectSilent = `SELECT s.id, s.account, s.name, s.domain, h.last_hit, p.problem FROM sites s LEFT JOIN site_hits h ON h.site = s.id
	LEFT JOIN (SELECT site, problem ->> 'message' AS problem FROM statistics_health) p ON p.site = s.id AND s.counted_by = 'plausible'
	WHERE s.enabled AND {:account} IN ('', s.account)
		AND CASE s.counted_by WHEN 'plausible' THEN p.problem IS NOT NULL ELSE h.last_hit IS NULL OR h.last_hit < {:before} END
	ORDER BY h.last_hit IS NULL, h.last_hit DESC, s.id LIMIT 20`
