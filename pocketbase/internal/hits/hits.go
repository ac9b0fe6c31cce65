// Package hits keeps what trackers report, as counts: who was seen last when (by a keyed hash), pages by minute, completed
// goals, dropped hits by reason. It answers what sites, triggers and people ask of them, and forgets on time.
package hits

import (
	"time"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// How long what is kept, in milliseconds unless said otherwise; docs/privacy.md tells people.
const (
	hour = int64(time.Hour / time.Millisecond)
	// keepMs is for visitors, pages and completions.
	keepMs = 48 * hour
	// keepDroppedHours and keepValueDays hold no visitor: the values are what "usual" is reckoned from.
	keepDroppedHours = 7 * 24
	keepValueDays    = 36
	// sessionMs is the gap after which a visitor comes anew, as in Plausible.
	sessionMs = hour / 2
)

// Hits answers the routes about hits. One process serves the database, so what was touched is in its memory.
type Hits struct {
	*store.Store
	keys    *secrets.Keyring
	touched *touchedSites
}

// New is for an open store.
func New(s *store.Store, keys *secrets.Keyring) *Hits {
	return &Hits{Store: s, keys: keys, touched: newTouchedSites(s.Now())}
}

func (h *Hits) nowMs() int64 { return h.Now().UnixMilli() }

// dayOf names a day of UTC: salts change with it.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }
