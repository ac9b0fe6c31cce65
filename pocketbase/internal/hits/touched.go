package hits

import (
	"maps"
	"sync"
	"time"
)

// touchedSites tracks which sites got hits, and counts those and the dropped ones for whoever watches. Cursors start at the
// process's start time, above those of earlier processes.
type touchedSites struct {
	mu     sync.Mutex
	since  int64
	cursor int64
	sites  map[string]*tally
}

// tally is of one site; the cursors are those of its last batch with hits, and with anything.
type tally struct {
	hitsAt, changedAt int64
	hits              int64
	dropped           map[string]int64
}

func newTouchedSites(now time.Time) *touchedSites {
	return &touchedSites{since: now.UnixMilli(), cursor: now.UnixMilli(), sites: map[string]*tally{}}
}

func (t *touchedSites) add(hits []Hit, dropped []Dropped) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cursor++
	for _, hit := range hits {
		site := t.site(hit.Site)
		site.hitsAt = t.cursor
		if !hit.SignOfLife {
			site.hits++
		}
	}
	for _, drop := range dropped {
		t.site(drop.Site).dropped[drop.Reason] += drop.Count
	}
}

// site is called with the lock held, for a site that changes.
func (t *touchedSites) site(id string) *tally {
	site, known := t.sites[id]
	if !known {
		site = &tally{dropped: map[string]int64{}}
		t.sites[id] = site
	}
	site.changedAt = t.cursor
	return site
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
	for id, site := range h.touched.sites {
		if site.hitsAt > request.After {
			answer.Sites = append(answer.Sites, id)
		}
	}
	return answer, nil
}

// TallyAnswer has the sites that got hits, counted or dropped, since the cursor that was asked for. What it counts began at
// Since, in milliseconds: the start of this process.
type TallyAnswer struct {
	Since  int64       `json:"since"`
	Cursor int64       `json:"cursor"`
	Sites  []SiteTally `json:"sites"`
}

// SiteTally counts pageviews and custom events. Of an empty Site are dropped hits whose domain is of none.
type SiteTally struct {
	Site    string           `json:"site"`
	Hits    int64            `json:"hits"`
	Dropped map[string]int64 `json:"dropped"`
}

// Tally answers from memory, for those who watch hits arrive.
func (h *Hits) Tally(request TouchedRequest) (TallyAnswer, error) {
	h.touched.mu.Lock()
	defer h.touched.mu.Unlock()
	answer := TallyAnswer{Since: h.touched.since, Cursor: h.touched.cursor, Sites: []SiteTally{}}
	for id, site := range h.touched.sites {
		if site.changedAt > request.After {
			answer.Sites = append(answer.Sites, SiteTally{id, site.hits, maps.Clone(site.dropped)})
		}
	}
	return answer, nil
}
