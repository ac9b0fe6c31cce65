package hits

import (
	"sync"
	"time"
)

// touchedSites tells which sites got hits since. Cursors begin with the time of the start, above any of a process before.
type touchedSites struct {
	mu     sync.Mutex
	cursor int64
	// at is the cursor of each site's last batch.
	at map[string]int64
}

func newTouchedSites(now time.Time) *touchedSites {
	return &touchedSites{cursor: now.UnixMilli(), at: map[string]int64{}}
}

func (t *touchedSites) add(hits []Hit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cursor++
	for _, hit := range hits {
		t.at[hit.Site] = t.cursor
	}
}

// TouchedRequest: After is the cursor of the call before; 0: from the start of this process.
type TouchedRequest struct {
	After int64 `json:"after"`
}

// TouchedAnswer has the ids of sites that got hits since.
type TouchedAnswer struct {
	Sites  []string `json:"sites"`
	Cursor int64    `json:"cursor"`
}

// Touched answers from memory. What was touched before this process started is not told: whoever asks looks at all sites
// from time to time anyway.
func (h *Hits) Touched(request TouchedRequest) (TouchedAnswer, error) {
	h.touched.mu.Lock()
	defer h.touched.mu.Unlock()
	answer := TouchedAnswer{Sites: []string{}, Cursor: h.touched.cursor}
	for site, at := range h.touched.at {
		if at > request.After {
			answer.Sites = append(answer.Sites, site)
		}
	}
	return answer, nil
}
