package main

import (
	"encoding/json/jsontext"
	"strings"
	"testing"
)

func TestAcceptStoresEventBodyAndDeliveriesInOrder(t *testing.T) {
	b := newBench(t)
	d1, d2 := b.Destination(nil), b.Destination(nil)
	first := b.Event(object{"body": "caf\u00e9 \x00 end", "extracted": object{"n": 9007199254740993}})
	p1, p2 := b.Planned(d1, nil), b.Planned(d2, object{"passthrough": true, "request_body": ""})
	second := b.Event(nil)

	results := b.Accept(item(first, p1, p2), item(second))

	b.Equal(results, []object{
		{"status": "accepted", "seq": 1, "leased": []string{}},
		{"status": "accepted", "seq": 4, "leased": []string{}},
	})
	stored := b.Get("events", first["id"].(string))
	b.Equal(stored.GetString("account"), b.Account)
	b.Equal(stored.GetString("extracted"), `{"n":9007199254740993}`)
	b.Equal(b.Get("event_bodies", first["id"].(string)).GetString("body"), "caf\u00e9 \x00 end")
	for seq, planned := range map[int]object{2: p1, 3: p2} {
		delivery := b.Get("deliveries", planned["id"].(string))
		b.Equal(delivery.GetInt("seq"), seq)
		b.Equal(delivery.GetString("state"), "pending")
		b.Equal(delivery.GetString("account"), b.Account)
		b.Equal(delivery.GetString("next_attempt_at"), "2026-11-23 12:00:00.000Z")
		b.Equal(delivery.GetString("expires_at"), "2026-11-30 12:00:00.000Z")
	}
}

func TestAcceptABadItemFailsAlone(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	taken := b.Planned(d, nil)
	b.Accept(item(b.Event(nil), taken))
	good := b.Event(nil)
	cases := map[string]struct {
		item    object
		message string
	}{
		"malformed":         {object{"event": "x"}, "not of the form"},
		"empty":             {object{}, "either an event or a replay"},
		"id":                {item(b.Event(object{"id": "short"})), "events.id"},
		"long type":         {item(b.Event(object{"type": strings.Repeat("x", 301)})), "events.type is longer than 300"},
		"headers":           {item(b.Event(object{"headers": "x"})), "events.headers"},
		"received_at":       {item(b.Event(object{"received_at": "yesterday"})), "events.received_at"},
		"encoding":          {item(b.Event(object{"body_encoding": "hex"})), "event_bodies.body_encoding"},
		"account":           {item(b.Event(object{"account": "nobody000000000"})), "no account"},
		"delivery id":       {item(b.Event(nil), b.Planned(d, object{"id": "X"})), "deliveries.id"},
		"expiry":            {item(b.Event(nil), b.Planned(d, object{"expires_in_ms": 0})), "deliveries.expires_in_ms"},
		"delivery twice":    {item(b.Event(nil), taken), "another event"},
		"long content type": {item(b.Event(nil), b.Planned(d, nil), b.Planned(d, object{"request_content_type": strings.Repeat("x", 1001)})), "request_content_type"},
	}
	events, deliveries := b.Count("SELECT count(*) FROM events"), b.Count("SELECT count(*) FROM deliveries")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			good = b.Event(nil)
			results := b.Accept(c.item, item(good, b.Planned(d, nil)))
			if results[0].Status != "failed" || !strings.Contains(results[0].Message, c.message) {
				t.Fatalf("got %+v", results[0])
			}
			if results[1].Status != "accepted" {
				t.Fatalf("the good item: %+v", results[1])
			}
		})
	}
	b.Equal(b.Count("SELECT count(*) FROM events"), events+len(cases))
	b.Equal(b.Count("SELECT count(*) FROM event_bodies"), events+len(cases))
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), deliveries+len(cases))
}

func TestAcceptKeepsWhatJSONAllows(t *testing.T) {
	b := newBench(t)
	event := b.Event(nil)
	text := strings.Replace(string(raw(item(event))), `"extracted":{}`, `"extracted":{"lone":"\ud800","a":1,"a":2}`, 1)
	answer, err := b.Queue.Accept(acceptRequest{Owner: "a", LeaseMs: leaseMs, Items: []jsontext.Value{jsontext.Value(text)}})
	b.Must(err)
	b.Equal(answer.Results[0].Status, "accepted")
}

func TestAcceptCountsDuplicates(t *testing.T) {
	b := newBench(t)
	other := b.Save("sources", object{"name": "other", "enabled": true, "verification": "none"}).Id
	first, again, elsewhere := b.Event(object{"dedupe_key": "k"}), b.Event(object{"dedupe_key": "k"}), b.Event(object{"dedupe_key": "k", "source": other})
	d := b.Destination(nil)
	results := b.Accept(item(first), item(again, b.Planned(d, nil)), item(elsewhere), item(b.Event(nil)), item(b.Event(nil)))
	b.Equal(results[1], object{"status": "duplicate", "id": first["id"]})
	for _, i := range []int{0, 2, 3, 4} {
		b.Equal(results[i].Status, "accepted")
	}
	b.Equal(b.Get("events", first["id"].(string)).GetInt("duplicates"), 1)
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 0)
	b.Equal(b.Accept(item(b.Event(object{"dedupe_key": "k"})))[0].ID, first["id"])
	b.Equal(b.Get("events", first["id"].(string)).GetInt("duplicates"), 2)
}

func TestAcceptRepeatedWithTheSameIds(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	event, leased, waiting := b.Event(object{"dedupe_key": "k"}), b.Planned(d, object{"lease": true}), b.Planned(d, nil)
	one := item(event, leased, waiting)
	want := []object{{"status": "accepted", "seq": 1, "leased": []any{leased["id"]}}}
	b.Equal(b.Accept(one), want)
	b.Equal(b.Accept(one), want)
	b.Equal(b.AcceptAs("b", one).Results, []object{{"status": "accepted", "seq": 1, "leased": []string{}}})
	b.Equal(b.Get("events", event["id"].(string)).GetInt("duplicates"), 0)

	b.Deliver("a", leased["id"].(string), 1)
	b.Equal(b.Accept(one), []object{{"status": "accepted", "seq": 1, "leased": []string{}}})
	b.Equal(b.State(leased["id"].(string)), "delivered")
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 2)
}

func TestAcceptLeases(t *testing.T) {
	b := newBench(t)
	plain := b.Destination(object{"max_concurrency": 2})
	ordered := b.Destination(object{"ordered": true})
	disabled := b.Destination(object{"enabled": false})
	wish := object{"lease": true}
	cases := []struct {
		destination string
		want        string
	}{
		{plain, "delivering"}, {plain, "delivering"}, {plain, "pending"},
		{ordered, "delivering"}, {ordered, "pending"},
		{disabled, "held"},
		{"gone00000000000", "cancelled"},
	}
	for _, c := range cases {
		planned := b.Planned(c.destination, wish)
		result := b.Accept(item(b.Event(nil), planned))[0]
		b.Equal(b.State(planned["id"].(string)), c.want)
		b.Equal(len(result.Leased), map[bool]int{true: 1}[c.want == "delivering"])
	}

	// In one batch as well, and another process's leases count.
	p1, p2 := b.Planned(b.Destination(object{"max_concurrency": 1}), wish), object(nil)
	p2 = b.Planned(p1["destination"].(string), wish)
	results := b.AcceptAs("b", item(b.Event(nil), p1), item(b.Event(nil), p2)).Results
	b.Equal(len(results[0].Leased)+len(results[1].Leased), 1)
	lease := b.Get("deliveries", p1["id"].(string))
	b.Equal([]any{lease.GetString("lease_owner"), lease.GetInt("lease_token"), lease.GetInt("claims"), lease.GetString("lease_until")},
		[]any{"b", 1, 1, "2026-11-23 12:00:30.000Z"})
}

func TestAcceptReplay(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	event := b.Event(nil)
	b.Accept(item(event))
	planned := b.Planned(d, object{"lease": true})
	replay := object{"event": event["id"], "mode": "current", "actor": "operator:a@example.com"}
	one := object{"replay": replay, "deliveries": []object{planned}}
	want := []object{{"status": "accepted", "seq": 1, "leased": []any{planned["id"]}}}
	b.Equal(b.Accept(one), want)
	b.Equal(b.Accept(one), want)
	b.Equal(b.Get("deliveries", planned["id"].(string)).GetString("replay"), "current")
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE action = 'event.replay' AND actor = 'operator:a@example.com' AND account = '"+b.Account+"'"), 1)

	for name, wrong := range map[string]object{
		"no event": {"event": "evt99999999999x", "mode": "current", "actor": "x"},
		"mode":     {"event": event["id"], "mode": "other", "actor": "x"},
	} {
		got := b.Accept(object{"replay": wrong, "deliveries": []object{b.Planned(d, nil)}})[0]
		if got.Status != "failed" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 1)
}
