package search

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
)

// Filter is what lists of events and deliveries may be asked for, newest first; what is empty is any.
type Filter struct {
	// Query: all words of it, of the event.
	Query         string `json:"q"`
	Account       string `json:"account"`
	Source        string `json:"source"`
	Trigger       string `json:"trigger"`
	Type          string `json:"type"`
	CorrelationID string `json:"correlation_id"`
	Event         string `json:"event"`
	Destination   string `json:"destination"`
	Mapping       string `json:"mapping"`
	State         string `json:"state"`
	ReplayID      string `json:"replay_id"`
	From          string `json:"from"`
	To            string `json:"to"`
	// Before is where the page before ended; 0: at the newest.
	Before int64 `json:"before"`
	Limit  int64 `json:"limit"`
}

const limitAtMost = 201

var states = []string{"pending", "delivering", "held", "delivered", "dead", "expired", "cancelled"}

func (f Filter) check() error {
	if f.Limit < 1 || f.Limit > limitAtMost {
		return fault.BadRequest("limit must be from 1 to 201.")
	}
	if f.State != "" && !slices.Contains(states, f.State) {
		return fault.BadRequest("state must be one of those of deliveries.")
	}
	return nil
}

// question is a statement in the making.
type question struct {
	conditions []string
	params     dbx.Params
}

// equal adds conditions for the values that are set, by column.
func (q *question) equal(values map[string]string) {
	for column, value := range values {
		if value != "" {
			name := strings.ReplaceAll(column, ".", "_")
			q.conditions, q.params[name] = append(q.conditions, column+` = {:`+name+`}`), value
		}
	}
}

func (f Filter) ofEvent() map[string]string {
	return map[string]string{"e.source": f.Source, "e.trigger": f.Trigger, "e.type": f.Type, "e.correlation_id": f.CorrelationID}
}

func (f Filter) asksForEvent() bool {
	return f.Query != "" || f.Source != "" || f.Trigger != "" || f.Type != "" || f.CorrelationID != ""
}

// state, and that replay_id is not empty, are written out, since SQLite takes a partial index only for a value that it sees.
func (f Filter) ofDelivery(alias string) (conditions []string, params dbx.Params) {
	q := question{params: dbx.Params{}}
	q.equal(map[string]string{alias + ".event": f.Event, alias + ".destination": f.Destination, alias + ".mapping": f.Mapping})
	if f.State != "" {
		q.conditions = append(q.conditions, alias+`.state = '`+f.State+`'`)
	}
	if f.ReplayID != "" {
		q.equal(map[string]string{alias + ".replay_id": f.ReplayID})
		q.conditions = append(q.conditions, alias+`.replay_id != ''`)
	}
	return q.conditions, q.params
}

func (f Filter) asksForDelivery() bool {
	return f.Event != "" || f.Destination != "" || f.Mapping != "" || f.State != "" || f.ReplayID != ""
}

func (q *question) during(column string, f Filter) {
	if f.From != "" {
		q.conditions, q.params["from"] = append(q.conditions, column+` >= {:from}`), f.From
	}
	if f.To != "" {
		q.conditions, q.params["to"] = append(q.conditions, column+` < {:to}`), f.To
	}
}

func (q *question) and(conditions []string, params dbx.Params) {
	q.conditions = append(q.conditions, conditions...)
	for name, value := range params {
		q.params[name] = value
	}
}

// events is what events are read from, and what orders them: those with the words that are asked for, if any are. False: no event can
// have them.
func (q *question) events(f Filter) (from, position string, possible bool) {
	if f.Query == "" {
		return `events e`, `e.seq`, true
	}
	match := matchOf(f.Account, f.Query)
	q.and([]string{`events_text MATCH {:match}`}, dbx.Params{"match": match})
	return `events_text t CROSS JOIN events e ON e.seq = t.rowid`, `t.rowid`, match != ""
}

func (q *question) where() string {
	return ` WHERE ` + strings.Join(append(q.conditions, "TRUE"), " AND ")
}

// deliveries names the index of deliveries that has the fewest of others.
func (f Filter) deliveries() string {
	final := slices.Contains([]string{"dead", "expired", "cancelled"}, f.State)
	switch {
	case f.Event != "":
		return `deliveries d INDEXED BY idx_deliveries_event`
	case f.ReplayID != "":
		return `deliveries d INDEXED BY idx_deliveries_replay`
	case f.Destination != "" && final:
		return `deliveries d INDEXED BY idx_deliveries_undelivered`
	case f.Destination != "" && f.State != "" && f.State != "delivered":
		return `deliveries d INDEXED BY idx_deliveries_order`
	case f.Destination != "":
		return `deliveries d INDEXED BY idx_deliveries_destination`
	case f.State == "delivering":
		return `deliveries d INDEXED BY idx_deliveries_leased`
	case f.State != "" && f.State != "delivered":
		return `deliveries d INDEXED BY idx_deliveries_state`
	case f.Account != "":
		return `deliveries d INDEXED BY idx_deliveries_account`
	}
	return `deliveries d INDEXED BY idx_deliveries_seq`
}

// skew is how far clocks may be wrong before a row is missing in a list of a time.
const skew = "1 hour"

// Events and deliveries share one order, which is that of time but for the skew of clocks.
const (
	selectFloor = `SELECT coalesce((SELECT seq FROM events INDEXED BY idx_events_received
		WHERE received_at < strftime('%Y-%m-%d %H:%M:%fZ', {:from}, '-` + skew + `') ORDER BY received_at DESC LIMIT 1), 0)`
	selectCeiling = `SELECT coalesce((SELECT seq FROM events INDEXED BY idx_events_received
		WHERE received_at >= strftime('%Y-%m-%d %H:%M:%fZ', {:to}, '+` + skew + `') ORDER BY received_at LIMIT 1),
		(SELECT value + 1 FROM meta WHERE key = 'seq'))`
	selectNewest = `SELECT value + 1 FROM meta WHERE key = 'seq'`
)

// bounds are the positions that a list is between, both excluded.
func (s *Search) bounds(f Filter) (floor, ceiling int64, err error) {
	db := s.App.ConcurrentDB()
	if f.From != "" {
		if err := db.NewQuery(selectFloor).Bind(dbx.Params{"from": f.From}).Row(&floor); err != nil {
			return 0, 0, err
		}
	}
	last, params := selectNewest, dbx.Params{}
	if f.To != "" {
		last, params = selectCeiling, dbx.Params{"to": f.To}
	}
	if err := db.NewQuery(last).Bind(params).Row(&ceiling); err != nil {
		return 0, 0, err
	}
	if f.Before > 0 {
		ceiling = min(ceiling, f.Before)
	}
	return floor, ceiling, nil
}
