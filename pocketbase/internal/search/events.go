package search

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/live"
	"pockethook/internal/store"
)

// Search only reads, on reading connections.
type Search struct{ *store.Store }

// New makes Search on an open store.
func New(s *store.Store) *Search { return &Search{s} }

// EventsAnswer has up to Limit events, fewer also when looking took too long.
type EventsAnswer struct {
	Events []live.Event `json:"events"`
	// Next is where to go on; 0: there are no more.
	Next int64 `json:"next"`
	// TooMany events have words that begin as the last one does: putting them together takes too long.
	TooMany bool `json:"too_many,omitzero"`
}

// beginningsTime is how long words that begin with something are put together.
const beginningsTime = 200 * time.Millisecond

// lookFor bounds a search for beginnings of words; others are bounded by their steps.
func lookFor(f Filter) (context.Context, context.CancelFunc) {
	if beginsOnly(f.Query) {
		return context.WithTimeout(context.Background(), beginningsTime)
	}
	return context.Background(), func() {}
}

type foundEvent struct {
	live.Event
	Position int64 `db:"position"`
}

func (e foundEvent) position() int64 { return e.Position }

// Events lists events by their own fields, and by those of their deliveries: then each stands where its newest delivery of that
// kind is.
func (s *Search) Events(f Filter) (answer EventsAnswer, err error) {
	ctx, cancel := lookFor(f)
	defer cancel()
	if answer, err = s.events(ctx, f); ctx.Err() != nil {
		return EventsAnswer{Events: []live.Event{}, TooMany: true}, nil
	}
	return answer, err
}

func (s *Search) events(ctx context.Context, f Filter) (answer EventsAnswer, err error) {
	answer.Events = []live.Event{}
	if err := f.check(); err != nil {
		return answer, err
	}
	query, params := eventsQuery(f)
	if query == "" {
		return answer, nil
	}
	found, next, err := walk[foundEvent](s, ctx, f, query, params)
	for _, event := range found {
		answer.Events = append(answer.Events, event.Event)
	}
	answer.Next = next
	return answer, err
}

// eventsQuery is empty if no event can have these words.
func eventsQuery(f Filter) (string, dbx.Params) {
	q := question{params: dbx.Params{}}
	q.equal(f.ofEvent())
	q.during("e.received_at", f)
	from, position, possible := q.events(f)
	if !possible {
		return "", nil
	}
	owner := "e.account"
	of, params := f.ofDelivery("d")
	q.and(nil, params)
	switch {
	case f.Query != "" && f.asksForDelivery():
		q.conditions = append(q.conditions, `EXISTS (SELECT 1 FROM deliveries d INDEXED BY idx_deliveries_event
			WHERE d.event = e.id AND `+strings.Join(of, " AND ")+`)`)
	case f.asksForDelivery():
		from, position, owner = f.deliveries()+` CROSS JOIN events e ON e.id = d.event`, `d.seq`, "d.account"
		later, _ := f.ofDelivery("later")
		q.and(of, nil)
		q.conditions = append(q.conditions, `NOT EXISTS (SELECT 1 FROM deliveries later INDEXED BY idx_deliveries_event
			WHERE later.event = d.event AND later.seq > d.seq AND `+sameParams(strings.Join(later, " AND "))+`)`)
	}
	q.equal(map[string]string{owner: f.Account})
	q.conditions = append(q.conditions, position+` >= {:low}`, position+` < {:high}`)
	return `SELECT ` + live.EventColumns("e") + `, ` + position + ` AS position FROM ` + from + q.where() +
		` ORDER BY ` + position + ` DESC LIMIT {:room}`, q.params
}

// sameParams lets the conditions of one alias use the values of the other.
func sameParams(conditions string) string { return strings.ReplaceAll(conditions, `{:later_`, `{:d_`) }
