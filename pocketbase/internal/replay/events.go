package replay

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

const (
	// pageAtMost bounds how many events one answer lists.
	pageAtMost = 500
	// clockSlack is how far the clocks of API processes may differ: they set received_at, while seq gives the order.
	clockSlack = 2 * time.Minute
)

// Filter selects the events of a replay, as ReplayFilter of api/src/store/replays.ts. Times are in the store's format.
type Filter struct {
	Account string `json:"account"`
	Source  string `json:"source"`
	From    string `json:"from"`
	To      string `json:"to"`
}

func (f Filter) check() error {
	for _, text := range []string{f.From, f.To} {
		if _, err := store.ParseTime(text); err != nil {
			return fault.BadRequest("from and to must be times like 2026-01-31 12:00:00.000Z.")
		}
	}
	return nil
}

// conditions has a condition for each set field only, so that SQLite can choose the fitting index.
func (f Filter) conditions() (string, dbx.Params) {
	all := []string{"seq > {:after}", "seq <= {:until}", "received_at >= {:from}", "received_at < {:to}"}
	if f.Source != "" {
		all = append(all, "source = {:source}")
	}
	if f.Account != "" {
		all = append(all, "account = {:account}")
	}
	return strings.Join(all, " AND "), dbx.Params{"from": f.From, "to": f.To, "source": f.Source, "account": f.Account}
}

// Range is the range of positions that contains the events: after After, up to and including Until.
type Range struct {
	ConfigVersion int64 `json:"config_version"`
	Events        int64 `json:"events"`
	After         int64 `json:"after"`
	Until         int64 `json:"until"`
}

// Range finds the positions by binary search, since seq has about the order of received_at, and counts the events between.
func (r *Replays) Range(filter Filter) (answer Range, err error) {
	if err := filter.check(); err != nil {
		return Range{}, err
	}
	var last int64
	err = r.App.ConcurrentDB().NewQuery(`SELECT (SELECT value FROM meta WHERE key = 'config_version'),
		(SELECT coalesce(max(seq), 0) FROM events)`).Row(&answer.ConfigVersion, &last)
	if err != nil {
		return Range{}, err
	}
	if answer.After, err = r.seqBefore(filter.From, -clockSlack, last); err != nil {
		return Range{}, err
	}
	if answer.Until, err = r.seqBefore(filter.To, clockSlack, last); err != nil {
		return Range{}, err
	}
	where, params := filter.conditions()
	params["after"], params["until"] = answer.After, answer.Until
	err = r.App.ConcurrentDB().NewQuery("SELECT count(*) FROM events WHERE " + where).Bind(params).Row(&answer.Events)
	return answer, err
}

// seqBefore finds a position such that all events after it were received at or after the time, give or take the slack.
func (r *Replays) seqBefore(text string, slack time.Duration, last int64) (int64, error) {
	at, err := store.ParseTime(text)
	if err != nil {
		return 0, err
	}
	limit := store.FormatTime(at.Add(slack))
	query := r.App.ConcurrentDB().NewQuery(`SELECT coalesce((SELECT received_at FROM events WHERE seq > {:seq} ORDER BY seq LIMIT 1), 'z')`)
	low, high := int64(0), last
	for low < high {
		middle := low + (high-low)/2
		var received string
		if err := query.Bind(dbx.Params{"seq": middle}).Row(&received); err != nil {
			return 0, err
		}
		if received >= limit {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low, nil
}

// PageRequest asks for the events of a filter after After, up to and including Until.
type PageRequest struct {
	Filter
	After int64 `json:"after"`
	Until int64 `json:"until"`
	Limit int64 `json:"limit"`
}

// Page lists events with their deliveries, oldest first. Position is the last position searched; Done: there are no more.
type Page struct {
	Events   []Event `json:"events"`
	Position int64   `json:"position"`
	Done     bool    `json:"done"`
}

// Event is an event that a replay may make deliveries of.
type Event struct {
	ID         string         `json:"id"`
	Seq        int64          `json:"seq"`
	Deliveries []PastDelivery `json:"deliveries"`
}

// PastDelivery is an existing delivery of an event.
type PastDelivery struct {
	ID          string `json:"id"`
	Mapping     string `json:"mapping"`
	Destination string `json:"destination"`
	State       string `json:"state"`
	Replay      string `json:"replay"`
}

const selectPast = `SELECT id, mapping, destination, state, replay FROM deliveries INDEXED BY idx_deliveries_event
	WHERE event = {:event} ORDER BY seq`

// Page only reads, so it never waits for writes; its length is bounded.
func (r *Replays) Page(request PageRequest) (Page, error) {
	if err := request.check(); err != nil {
		return Page{}, err
	}
	if request.Limit < 1 || request.Limit > pageAtMost {
		return Page{}, fault.BadRequest("limit must be from 1 to 500.")
	}
	where, params := request.conditions()
	params["after"], params["until"], params["limit"] = request.After, request.Until, request.Limit
	page := Page{Events: []Event{}, Position: request.Until}
	db := r.App.ConcurrentDB()
	err := db.NewQuery("SELECT id, seq FROM events WHERE " + where + " ORDER BY seq LIMIT {:limit}").Bind(params).All(&page.Events)
	if err != nil {
		return Page{}, err
	}
	past := db.NewQuery(selectPast)
	for i := range page.Events {
		event := &page.Events[i]
		event.Deliveries = []PastDelivery{}
		if err := past.Bind(dbx.Params{"event": event.ID}).All(&event.Deliveries); err != nil {
			return Page{}, err
		}
	}
	page.Done = int64(len(page.Events)) < request.Limit
	if !page.Done {
		page.Position = page.Events[len(page.Events)-1].Seq
	}
	return page, nil
}
