package search_test

import (
	"slices"
	"testing"
	"time"

	"pockethook/internal/search"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// history is 12 events of two sources and three types, each for one of two destinations and every third for both.
type history struct {
	*Bench
	events, destinations []string
	// deliveries by their event.
	deliveries map[string][]string
}

func newHistory(t *testing.T) history {
	b := NewBench(t)
	h := history{Bench: b, destinations: []string{b.Destination(nil), b.Destination(nil)}, deliveries: map[string][]string{}}
	other := b.Save("sources", Object{"name": "other", "enabled": true, "verification": "none"}).Id
	for i := range 12 {
		fields := Object{"type": []string{"a", "b", "c"}[i%3], "extracted": Object{"word": []string{"even", "odd"}[i%2]}, "received_at": store.FormatTime(b.Time)}
		if i%4 == 3 {
			fields["source"] = other
		}
		made := b.Event(fields)
		planned := []map[string]any{b.Planned(h.destinations[i%2], nil)}
		if i%3 == 0 {
			planned = append(planned, b.Planned(h.destinations[1-i%2], nil))
		}
		b.Equal(b.Accept(Item(made, planned...))[0].Status, "accepted")
		id := made["id"].(string)
		h.events = append(h.events, id)
		for j, one := range planned {
			h.deliveries[id] = append(h.deliveries[id], one["id"].(string))
			state := []string{"delivered", "dead", "pending", "expired"}[(i+j)%4]
			b.Execute("UPDATE deliveries SET state = {:state}, created = {:at} WHERE id = {:id}",
				Object{"state": state, "id": one["id"], "at": store.FormatTime(b.Time)})
		}
		b.Time = b.Time.Add(2 * time.Hour)
	}
	index(b)
	return h
}

// pages reads all pages of two, as a caller would.
func pages[Row any](b *Bench, filter search.Filter, read func(search.Filter) ([]Row, int64, error), id func(Row) string) (ids []string) {
	b.Helper()
	filter.Limit = 2
	for more := true; more; {
		rows, next, err := read(filter)
		b.Must(err)
		for _, row := range rows {
			ids = append(ids, id(row))
		}
		filter.Before, more = next, next != 0
	}
	return ids
}

// TestFiltersGiveWhatOneByOneWould compares every combination of filters with what the rows themselves say.
func TestFiltersGiveWhatOneByOneWould(t *testing.T) {
	h := newHistory(t)
	b := h.Bench
	sources := []string{"", h.Get("events", h.events[0]).GetString("source"), h.Get("events", h.events[3]).GetString("source")}
	at := h.Get("events", h.events[5]).GetString("received_at")
	for _, source := range sources {
		for _, kind := range []string{"", "a", "none"} {
			for _, words := range []string{"", "odd", "ev*x", "odd a"} {
				for _, destination := range []string{"", h.destinations[0]} {
					for _, state := range []string{"", "delivered", "dead", "pending"} {
						for _, from := range []string{"", at} {
							filter := search.Filter{Source: source, Type: kind, Query: words, Destination: destination, State: state, From: from}
							compare(b, h, filter)
							filter.From, filter.To, filter.Account = "", from, b.Account
							compare(b, h, filter)
						}
					}
				}
			}
		}
	}
}

func compare(b *Bench, h history, f search.Filter) {
	b.Helper()
	found := map[string]bool{}
	for _, word := range []string{"odd", "odd a", "ev*x"} {
		if f.Query == word {
			answer, err := search.New(b.Store).Events(search.Filter{Query: word, Limit: 100})
			b.Must(err)
			for _, event := range answer.Events {
				found[event.ID] = true
			}
		}
	}
	ofTime := func(at string) bool { return (f.From == "" || at >= f.From) && (f.To == "" || at < f.To) }
	var events, deliveries []string
	for _, id := range slices.Backward(h.events) {
		event, any := b.Get("events", id), false
		fits := (f.Source == "" || event.GetString("source") == f.Source) && (f.Type == "" || event.GetString("type") == f.Type) && (f.Query == "" || found[id])
		for _, delivery := range slices.Backward(h.deliveries[id]) {
			record := b.Get("deliveries", delivery)
			if (f.Destination == "" || record.GetString("destination") == f.Destination) && (f.State == "" || record.GetString("state") == f.State) {
				any = true
				if fits && ofTime(record.GetString("created")) {
					deliveries = append(deliveries, delivery)
				}
			}
		}
		if fits && any && ofTime(event.GetString("received_at")) {
			events = append(events, id)
		}
	}
	searching := search.New(b.Store)
	b.Equal([]any{f, pages(b, f, func(f search.Filter) ([]string, int64, error) {
		answer, err := searching.Events(f)
		ids := []string{}
		for _, event := range answer.Events {
			ids = append(ids, event.ID)
		}
		return ids, answer.Next, err
	}, func(id string) string { return id })}, []any{f, events})
	b.Equal([]any{f, pages(b, f, func(f search.Filter) ([]string, int64, error) {
		answer, err := searching.Deliveries(f)
		ids := []string{}
		for _, delivery := range answer.Deliveries {
			ids = append(ids, delivery.ID)
		}
		return ids, answer.Next, err
	}, func(id string) string { return id })}, []any{f, deliveries})
}

func TestAnEventThatIsReplayedStandsOnceWhereItsNewestDeliveryIs(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	first, second := event(b, nil, nil), event(b, nil, nil)
	for i, of := range []string{first, second, first} {
		b.Execute(`INSERT INTO deliveries (id, account, event, destination, state, seq, expires_at) VALUES ({:id}, {:account}, {:event}, {:destination}, 'dead', {:seq}, '')`,
			Object{"id": b.ID("dlv"), "account": b.Account, "event": of, "destination": d, "seq": 1000 + i})
	}
	b.Execute("UPDATE meta SET value = 2000 WHERE key = 'seq'", nil)
	b.Equal(find(b, search.Filter{Destination: d, State: "dead"}), []string{first, second})
}

func TestATimeNeedsNoSearchThroughWhatIsElsewhere(t *testing.T) {
	b := NewBench(t)
	for range 4 {
		event(b, nil, Object{"received_at": store.FormatTime(b.Time)})
		b.Time = b.Time.Add(3 * time.Hour)
	}
	floor, ceiling, err := search.Bounds(search.New(b.Store), search.Filter{From: "2026-11-23 15:00:00.000Z", To: "2026-11-23 16:00:00.000Z"})
	b.Must(err)
	b.Equal([]int64{floor, ceiling}, []int64{1, 3})
}

func TestRefusesUnknownStates(t *testing.T) {
	b := NewBench(t)
	_, err := search.New(b.Store).Deliveries(search.Filter{State: "x' OR '1", Limit: 1})
	b.Equal(err.Error(), "state must be one of those of deliveries.")
}
