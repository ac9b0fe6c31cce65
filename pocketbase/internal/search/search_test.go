package search_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pockethook/internal/retention"
	"pockethook/internal/search"
	. "pockethook/internal/testkit"
)

func index(b *Bench) {
	b.Helper()
	b.Must(search.Index{Store: b.Store}.CatchUp(context.Background()))
}

// event accepts one whose extracted fields are these.
func event(b *Bench, extracted Object, fields Object) string {
	b.Helper()
	made := b.Event(Merge(Object{"extracted": extracted}, fields))
	b.Equal(b.Accept(Item(made))[0].Status, "accepted")
	return made["id"].(string)
}

func find(b *Bench, request search.Filter) (ids []string) {
	b.Helper()
	if request.Limit == 0 {
		request.Limit = 50
	}
	answer, err := search.New(b.Store).Events(request)
	b.Must(err)
	ids = []string{}
	for _, event := range answer.Events {
		ids = append(ids, event.ID)
	}
	return ids
}

func TestFindsEventsByTheirWords(t *testing.T) {
	b := NewBench(t)
	order := event(b, Object{"customer": "Zoë Müller", "order": "A-1047", "lines": []any{Object{"sku": "lamp"}}, "paid": true, "total": 99.5},
		Object{"type": "order.paid", "correlation_id": "01975c1e-1f0e-7a3b", "dedupe_key": "delivery-77"})
	other := event(b, Object{"customer": "Ada", "order": "B-2"}, Object{"type": "order.placed"})
	index(b)
	for query, want := range map[string][]string{
		"zoe": {order}, "MÜLLER": {order}, "mull*": {order}, "mull": {}, "mu*": {}, "lamp": {order}, "1047": {order}, "99.5": {order}, "a-1047": {order},
		"order.paid": {order}, "order": {other, order}, "01975c1e-1f0e-7a3b": {order}, "delivery-77": {order}, order: {order},
		"ada order": {other}, "ada lamp": {}, "customer": {}, "nothing": {}, " ": {}, "!?": {}, `"`: {}, `" OR "`: {}, "lamp NOT ada": {},
		"NEAR(lamp)": {}, "words:lamp*": {},
	} {
		t.Run(query, func(t *testing.T) { b.Equal(find(b, search.Filter{Query: query}), want) })
	}
}

func TestSearchesWithinFiltersAndPages(t *testing.T) {
	b := NewBench(t)
	other := b.Save("accounts", Object{"name": "other", "account": ""}).Id
	ids := []string{}
	for i := range 5 {
		ids = append(ids, event(b, Object{"word": "same"}, Object{"type": fmt.Sprint("t", i%2)}))
	}
	foreign := event(b, Object{"word": "same"}, Object{"account": other})
	index(b)
	b.Equal(find(b, search.Filter{Query: "same", Account: other}), []string{foreign})
	b.Equal(find(b, search.Filter{Query: "same", Account: b.Account, Type: "t0"}), []string{ids[4], ids[2], ids[0]})
	b.Equal(find(b, search.Filter{Query: "same", Limit: 2}), []string{foreign, ids[4]})
	b.Equal(find(b, search.Filter{Query: "same", Before: int64(b.Count("SELECT seq FROM events WHERE id = '" + ids[4] + "'")), Limit: 2}), []string{ids[3], ids[2]})
	b.Equal(find(b, search.Filter{Query: "same", To: "2026-11-23 12:00:00.000Z"}), []string{})
}

func TestIndexesEachEventOnceAndForgetsItWithTheEvent(t *testing.T) {
	b := NewBench(t)
	old := event(b, Object{"word": "same"}, Object{"received_at": "2026-01-01 00:00:00.000Z"})
	index(b)
	kept := event(b, Object{"word": "same"}, nil)
	index(b)
	index(b)
	b.Equal(find(b, search.Filter{Query: "same"}), []string{kept, old})
	_, err := retention.New(b.Store).Retain(retention.Request{Days: 30, BudgetMs: 1000})
	b.Must(err)
	b.Equal(find(b, search.Filter{Query: "same"}), []string{kept})
	b.Equal(b.Count("SELECT count(*) FROM events_text"), 1)
}

func TestIndexesWhatComesWhileTheServiceRuns(t *testing.T) {
	s := Serve(t)
	want := event(s.Bench, Object{"word": "soon"}, nil)
	for deadline := time.Now().Add(time.Minute); len(find(s.Bench, search.Filter{Query: "soon"})) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("not indexed")
		}
		time.Sleep(5 * time.Millisecond)
	}
	b := s.Bench
	b.Equal(find(b, search.Filter{Query: "soon"}), []string{want})
}

func TestQuickSearchFindsRecordsByNameAndHistoryById(t *testing.T) {
	b := NewBench(t)
	destination := b.Destination(Object{"name": "alerts_100%"})
	b.Save("sites", Object{"name": "shop", "domain": "alerts.example.com", "timezone": "UTC", "enabled": true})
	made := b.Event(Object{"type": "alert.raised", "correlation_id": "corr-alerts", "extracted": Object{"word": "alertsword"}})
	planned := b.Planned(destination, nil)
	b.Accept(Item(made, planned))
	index(b)
	quick := func(query, account string) (found []string) {
		answer, err := search.New(b.Store).Quick(search.QuickRequest{Query: query, Account: account})
		b.Must(err)
		found = []string{}
		for _, one := range answer.Found {
			found = append(found, one.Kind+" "+one.Name)
		}
		return found
	}
	b.Equal(quick("alerts", b.Account), []string{"destination alerts_100%", "site shop", "event alert.raised"})
	b.Equal(quick("_100%", ""), []string{"destination alerts_100%"})
	b.Equal(quick("corr-", ""), []string{"event alert.raised"})
	b.Equal(quick(planned["id"].(string)[:12], b.Account), []string{"delivery pending"})
	b.Equal(quick(made["id"].(string), b.Account), []string{"event alert.raised"})
	b.Equal(quick("alerts", "account00000002"), []string{})
	b.Equal(quick(" ", ""), []string{})
}
