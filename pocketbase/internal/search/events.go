package search

import (
	"context"
	"strings"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
	"pockethook/internal/live"
	"pockethook/internal/store"
)

// Search only reads, on reading connections.
type Search struct{ *store.Store }

// New makes Search on an open store.
func New(s *store.Store) *Search { return &Search{s} }

// EventsRequest asks for events with all words of Query, newest first, and the other fields if they are set.
type EventsRequest struct {
	Query         string `json:"q"`
	Account       string `json:"account"`
	Source        string `json:"source"`
	Trigger       string `json:"trigger"`
	Type          string `json:"type"`
	CorrelationID string `json:"correlation_id"`
	From          string `json:"from"`
	To            string `json:"to"`
	// Before is the seq of the last event of the page before; 0: none.
	Before int64 `json:"before"`
	Limit  int64 `json:"limit"`
}

// EventsAnswer has up to Limit events.
type EventsAnswer struct {
	Events []live.Event `json:"events"`
}

const limitAtMost = 201

// Events goes by the index of words, from the newest match back.
func (s *Search) Events(request EventsRequest) (answer EventsAnswer, err error) {
	return s.events(context.Background(), request)
}

func (s *Search) events(ctx context.Context, request EventsRequest) (answer EventsAnswer, err error) {
	if request.Limit < 1 || request.Limit > limitAtMost {
		return answer, fault.BadRequest("limit must be from 1 to 201.")
	}
	answer.Events = []live.Event{}
	match := matchOf(request.Account, request.Query)
	if match == "" {
		return answer, nil
	}
	conditions := []string{`events_text MATCH {:match}`}
	params := dbx.Params{"match": match, "limit": request.Limit}
	for _, one := range []struct{ name, condition, value string }{
		{"account", `e.account = {:account}`, request.Account}, {"source", `e.source = {:source}`, request.Source},
		{"trigger", `e.trigger = {:trigger}`, request.Trigger}, {"type", `e.type = {:type}`, request.Type},
		{"correlation_id", `e.correlation_id = {:correlation_id}`, request.CorrelationID},
		{"from", `e.received_at >= {:from}`, request.From}, {"to", `e.received_at < {:to}`, request.To},
	} {
		if one.value != "" {
			conditions, params[one.name] = append(conditions, one.condition), one.value
		}
	}
	if request.Before > 0 {
		conditions, params["before"] = append(conditions, `t.rowid < {:before}`), request.Before
	}
	query := `SELECT ` + live.EventColumns("e") + ` FROM events_text t CROSS JOIN events e ON e.seq = t.rowid
		WHERE ` + strings.Join(conditions, " AND ") + ` ORDER BY t.rowid DESC LIMIT {:limit}`
	return answer, s.App.ConcurrentDB().NewQuery(query).WithContext(ctx).Bind(params).All(&answer.Events)
}
