// Package hits stores what trackers report: when each visitor (a keyed hash) was last seen, page views by minute, completed
// goals, dropped hits by reason. It serves readings of them, and deletes old data on time.
package hits

import (
	"time"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Retention times, in milliseconds unless named otherwise; docs/privacy.md promises them.
const (
	hour = int64(time.Hour / time.Millisecond)
	// keepMs is for visitors, pages and completions.
	keepMs = 48 * hour
	// keepDroppedHours and keepValueDays are for data without visitors; the values are the history for "usual" numbers.
	keepDroppedHours = 7 * 24
	keepValueDays    = 36
	// sessionMs is the inactivity after which a new session begins, as in Plausible.
	sessionMs = hour / 2
)

// Hits implements the routes about hits. Only one process serves the database, so it keeps the touched sites in memory.
type Hits struct {
	*store.Store
	keys    *secrets.Keyring
	touched *touchedSites
}

// New makes Hits on an open store.
func New(s *store.Store, keys *secrets.Keyring) *Hits {
	return &Hits{Store: s, keys: keys, touched: newTouchedSites(s.Now())}
}

func (h *Hits) nowMs() int64 { return h.Now().UnixMilli() }

// dayOf names a UTC day; each day has its own salt.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }
