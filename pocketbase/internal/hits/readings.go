package hits

import (
	"encoding/json/v2"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
)

const (
	windowsAtMost = 50_000
	topAtMost     = 100
)

// Window is a site's id and a length in seconds: the period that ends now.
type Window struct {
	Site    string `json:"site"`
	Seconds int64  `json:"window_s"`
}

// ReadingsRequest asks for the number of visitors in many windows at once.
type ReadingsRequest struct {
	Windows []Window `json:"windows"`
}

// ReadingsAnswer holds the number of distinct visitors of each window, at Now.
type ReadingsAnswer struct {
	Now    int64   `json:"now"`
	Values []int64 `json:"values"`
}

// One statement for all windows: each is a range of idx_visitors_seen.
const selectReadings = `SELECT (SELECT count(*) FROM visitors INDEXED BY idx_visitors_seen
		WHERE site = w.value ->> 'site' AND last_seen > {:now} - 1000 * (w.value ->> 'window_s') AND last_seen <= {:now})
	FROM json_each({:windows}) w ORDER BY w.key`

// Readings counts on a reading connection, in one consistent snapshot of the database.
func (h *Hits) Readings(request ReadingsRequest) (ReadingsAnswer, error) {
	if len(request.Windows) > windowsAtMost {
		return ReadingsAnswer{}, fault.BadRequest("Ask for at most 50000 windows at once.")
	}
	windows, err := json.Marshal(request.Windows)
	if err != nil {
		return ReadingsAnswer{}, err
	}
	answer := ReadingsAnswer{Now: h.nowMs(), Values: []int64{}}
	err = h.App.ConcurrentDB().NewQuery(selectReadings).
		Bind(dbx.Params{"now": answer.Now, "windows": string(windows)}).Column(&answer.Values)
	return answer, err
}

// TopRequest asks for the top pages and sources of a window; Limit applies to each list.
type TopRequest struct {
	Window
	Limit int64 `json:"limit"`
}

// TopAnswer: pages by their views in the minutes of the window, the last one included; sources by their visitors. The source
// of visitors who came directly is empty.
type TopAnswer struct {
	Pages   []topPage   `json:"pages"`
	Sources []topSource `json:"sources"`
}

type topPage struct {
	Page      string `json:"page" db:"page"`
	Pageviews int64  `json:"pageviews" db:"pageviews"`
}

type topSource struct {
	Source   string `json:"source" db:"source"`
	Visitors int64  `json:"visitors" db:"visitors"`
}

const (
	selectTopPages = `SELECT page, sum(count) AS pageviews FROM page_views
		WHERE site = {:site} AND minute > {:from} / {:minute} AND minute <= {:now} / {:minute}
		GROUP BY page ORDER BY page = '` + otherPages + `', pageviews DESC, page LIMIT {:limit}`
	selectTopSources = `SELECT source, count(*) AS visitors FROM visitors INDEXED BY idx_visitors_seen
		WHERE site = {:site} AND last_seen > {:from} AND last_seen <= {:now} GROUP BY source ORDER BY visitors DESC, source LIMIT {:limit}`
)

// Top reads the most viewed pages and the most frequent sources of a site.
func (h *Hits) Top(request TopRequest) (TopAnswer, error) {
	if request.Limit < 1 || request.Limit > topAtMost {
		return TopAnswer{}, fault.BadRequest("limit must be from 1 to 100.")
	}
	now := h.nowMs()
	params := dbx.Params{
		"site": request.Site, "from": now - 1000*request.Seconds, "now": now, "minute": minuteMs, "limit": request.Limit,
	}
	answer := TopAnswer{Pages: []topPage{}, Sources: []topSource{}}
	if err := h.App.ConcurrentDB().NewQuery(selectTopPages).Bind(params).All(&answer.Pages); err != nil {
		return TopAnswer{}, err
	}
	err := h.App.ConcurrentDB().NewQuery(selectTopSources).Bind(params).All(&answer.Sources)
	return answer, err
}

// SitesRequest names sites.
type SitesRequest struct {
	Sites []string `json:"sites"`
}

// SitesAnswer leaves out the sites that never had a hit.
type SitesAnswer struct {
	Now   int64      `json:"now"`
	Sites []siteHits `json:"sites"`
}

type siteHits struct {
	Site     string `json:"site" db:"site"`
	FirstHit int64  `json:"first_hit" db:"first_hit"`
	LastHit  int64  `json:"last_hit" db:"last_hit"`
}

const selectSites = `SELECT site, first_hit, last_hit FROM site_hits WHERE site IN (SELECT value FROM json_each({:sites}))`

// Sites reads when sites had their first and last hit.
func (h *Hits) Sites(request SitesRequest) (SitesAnswer, error) {
	sites, err := json.Marshal(request.Sites)
	if err != nil {
		return SitesAnswer{}, err
	}
	answer := SitesAnswer{Now: h.nowMs(), Sites: []siteHits{}}
	err = h.App.ConcurrentDB().NewQuery(selectSites).Bind(dbx.Params{"sites": string(sites)}).All(&answer.Sites)
	return answer, err
}

// DroppedRequest: an empty Site asks for hits whose domain is of no site. Hours are whole: that of Since counts.
type DroppedRequest struct {
	Site  string `json:"site"`
	Since int64  `json:"since"`
}

// DroppedAnswer counts by reason.
type DroppedAnswer struct {
	Reasons map[string]int64 `json:"reasons"`
}

const selectDropped = `SELECT reason, sum(count) AS count FROM dropped_hits WHERE site = {:site} AND hour >= {:since} / {:hour} GROUP BY reason`

// Dropped counts the dropped hits of a site by reason.
func (h *Hits) Dropped(request DroppedRequest) (DroppedAnswer, error) {
	var rows []struct {
		Reason string `db:"reason"`
		Count  int64  `db:"count"`
	}
	err := h.App.ConcurrentDB().NewQuery(selectDropped).
		Bind(dbx.Params{"site": request.Site, "since": request.Since, "hour": hour}).All(&rows)
	answer := DroppedAnswer{Reasons: map[string]int64{}}
	for _, row := range rows {
		answer.Reasons[row.Reason] = row.Count
	}
	return answer, err
}
