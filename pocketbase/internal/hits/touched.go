package hits

import (
	"sync"
	"time"
)

// touchedSites tracks which sites got hits. Cursors start at the process's start time, above those of earlier processes.
type touchedSites struct {
	mu     sync.Mutex
	cursor int64
	// at maps each site to the cursor of its last batch.
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

// TouchedRequest: After is the cursor of the previous call; 0: since the start of this process.
type TouchedRequest struct {
	After int64 `json:"after"`
}

// TouchedAnswer holds the ids of the sites that got hits since then.
type TouchedAnswer struct {
	Sites  []string `json:"sites"`
	Cursor int64    `json:"cursor"`
}

// Touched answers from memory. It doesn't know hits from before this process started, so callers must check all sites from
// time to time.
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
