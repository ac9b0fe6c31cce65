package main

import (
	"encoding/json/jsontext"
	"strings"
	"testing"
)

func TestAcceptStoresEventBodyAndDeliveriesInOrder(t *testing.T) {
	b := newBench(t)
	d1, d2 := b.destination(nil), b.destination(nil)
	first := b.event(object{"body": "caf\u00e9 \x00 end", "extracted": object{"n": 9007199254740993}})
	p1, p2 := b.planned(d1, nil), b.planned(d2, object{"passthrough": true, "request_body": ""})
	second := b.event(nil)

	results := b.accept(item(first, p1, p2), item(second))

	b.equal(results, []object{
		{"status": "accepted", "seq": 1, "leased": []string{}},
		{"status": "accepted", "seq": 4, "leased": []string{}},
	})
	stored := b.get("events", first["id"].(string))
	b.equal(stored.GetString("account"), b.account)
	b.equal(stored.GetString("extracted"), `{"n":9007199254740993}`)
	b.equal(b.get("event_bodies", first["id"].(string)).GetString("body"), "caf\u00e9 \x00 end")
	for seq, planned := range map[int]object{2: p1, 3: p2} {
		delivery := b.get("deliveries", planned["id"].(string))
		b.equal(delivery.GetInt("seq"), seq)
		b.equal(delivery.GetString("state"), "pending")
		b.equal(delivery.GetString("account"), b.account)
		b.equal(delivery.GetString("next_attempt_at"), "2026-11-23 12:00:00.000Z")
		b.equal(delivery.GetString("expires_at"), "2026-11-30 12:00:00.000Z")
	}
}

func TestAcceptABadItemFailsAlone(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	taken := b.planned(d, nil)
	b.accept(item(b.event(nil), taken))
	good := b.event(nil)
	cases := map[string]struct {
		item    object
		message string
	}{
		"malformed":         {object{"event": "x"}, "not of the form"},
		"empty":             {object{}, "either an event or a replay"},
		"id":                {item(b.event(object{"id": "short"})), "events.id"},
		"long type":         {item(b.event(object{"type": strings.Repeat("x", 301)})), "events.type is longer than 300"},
		"headers":           {item(b.event(object{"headers": "x"})), "events.headers"},
		"received_at":       {item(b.event(object{"received_at": "yesterday"})), "events.received_at"},
		"encoding":          {item(b.event(object{"body_encoding": "hex"})), "event_bodies.body_encoding"},
		"account":           {item(b.event(object{"account": "nobody000000000"})), "no account"},
		"delivery id":       {item(b.event(nil), b.planned(d, object{"id": "X"})), "deliveries.id"},
		"expiry":            {item(b.event(nil), b.planned(d, object{"expires_in_ms": 0})), "deliveries.expires_in_ms"},
		"delivery twice":    {item(b.event(nil), taken), "another event"},
		"long content type": {item(b.event(nil), b.planned(d, nil), b.planned(d, object{"request_content_type": strings.Repeat("x", 1001)})), "request_content_type"},
	}
	events, deliveries := b.count("SELECT count(*) FROM events"), b.count("SELECT count(*) FROM deliveries")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			good = b.event(nil)
			results := b.accept(c.item, item(good, b.planned(d, nil)))
			if results[0].Status != "failed" || !strings.Contains(results[0].Message, c.message) {
				t.Fatalf("got %+v", results[0])
			}
			if results[1].Status != "accepted" {
				t.Fatalf("the good item: %+v", results[1])
			}
		})
	}
	b.equal(b.count("SELECT count(*) FROM events"), events+len(cases))
	b.equal(b.count("SELECT count(*) FROM event_bodies"), events+len(cases))
	b.equal(b.count("SELECT count(*) FROM deliveries"), deliveries+len(cases))
}

func TestAcceptKeepsWhatJSONAllows(t *testing.T) {
	b := newBench(t)
	event := b.event(nil)
	text := strings.Replace(string(raw(item(event))), `"extracted":{}`, `"extracted":{"lone":"\ud800","a":1,"a":2}`, 1)
	answer, err := b.queue.accept(acceptRequest{Owner: "a", LeaseMs: leaseMs, Items: []jsontext.Value{jsontext.Value(text)}})
	b.must(err)
	b.equal(answer.Results[0].Status, "accepted")
}

func TestAcceptCountsDuplicates(t *testing.T) {
	b := newBench(t)
	other := b.save("sources", object{"name": "other", "enabled": true, "verification": "none"}).Id
	first, again, elsewhere := b.event(object{"dedupe_key": "k"}), b.event(object{"dedupe_key": "k"}), b.event(object{"dedupe_key": "k", "source": other})
	d := b.destination(nil)
	results := b.accept(item(first), item(again, b.planned(d, nil)), item(elsewhere), item(b.event(nil)), item(b.event(nil)))
	b.equal(results[1], object{"status": "duplicate", "id": first["id"]})
	for _, i := range []int{0, 2, 3, 4} {
		b.equal(results[i].Status, "accepted")
	}
	b.equal(b.get("events", first["id"].(string)).GetInt("duplicates"), 1)
	b.equal(b.count("SELECT count(*) FROM deliveries"), 0)
	b.equal(b.accept(item(b.event(object{"dedupe_key": "k"})))[0].ID, first["id"])
	b.equal(b.get("events", first["id"].(string)).GetInt("duplicates"), 2)
}

func TestAcceptRepeatedWithTheSameIds(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	event, leased, waiting := b.event(object{"dedupe_key": "k"}), b.planned(d, object{"lease": true}), b.planned(d, nil)
	one := item(event, leased, waiting)
	want := []object{{"status": "accepted", "seq": 1, "leased": []any{leased["id"]}}}
	b.equal(b.accept(one), want)
	b.equal(b.accept(one), want)
	b.equal(b.acceptAs("b", one).Results, []object{{"status": "accepted", "seq": 1, "leased": []string{}}})
	b.equal(b.get("events", event["id"].(string)).GetInt("duplicates"), 0)

	b.deliver("a", leased["id"].(string), 1)
	b.equal(b.accept(one), []object{{"status": "accepted", "seq": 1, "leased": []string{}}})
	b.equal(b.state(leased["id"].(string)), "delivered")
	b.equal(b.count("SELECT count(*) FROM deliveries"), 2)
}

func TestAcceptLeases(t *testing.T) {
	b := newBench(t)
	plain := b.destination(object{"max_concurrency": 2})
	ordered := b.destination(object{"ordered": true})
	disabled := b.destination(object{"enabled": false})
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
		planned := b.planned(c.destination, wish)
		result := b.accept(item(b.event(nil), planned))[0]
		b.equal(b.state(planned["id"].(string)), c.want)
		b.equal(len(result.Leased), map[bool]int{true: 1}[c.want == "delivering"])
	}

	// In one batch as well, and another process's leases count.
	p1, p2 := b.planned(b.destination(object{"max_concurrency": 1}), wish), object(nil)
	p2 = b.planned(p1["destination"].(string), wish)
	results := b.acceptAs("b", item(b.event(nil), p1), item(b.event(nil), p2)).Results
	b.equal(len(results[0].Leased)+len(results[1].Leased), 1)
	lease := b.get("deliveries", p1["id"].(string))
	b.equal([]any{lease.GetString("lease_owner"), lease.GetInt("lease_token"), lease.GetInt("claims"), lease.GetString("lease_until")},
		[]any{"b", 1, 1, "2026-11-23 12:00:30.000Z"})
}

func TestAcceptReplay(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	event := b.event(nil)
	b.accept(item(event))
	planned := b.planned(d, object{"lease": true})
	replay := object{"event": event["id"], "mode": "current", "actor": "operator:a@example.com"}
	one := object{"replay": replay, "deliveries": []object{planned}}
	want := []object{{"status": "accepted", "seq": 1, "leased": []any{planned["id"]}}}
	b.equal(b.accept(one), want)
	b.equal(b.accept(one), want)
	b.equal(b.get("deliveries", planned["id"].(string)).GetString("replay"), "current")
	b.equal(b.count("SELECT count(*) FROM audit WHERE action = 'event.replay' AND actor = 'operator:a@example.com' AND account = '"+b.account+"'"), 1)

	for name, wrong := range map[string]object{
		"no event": {"event": "evt99999999999x", "mode": "current", "actor": "x"},
		"mode":     {"event": event["id"], "mode": "other", "actor": "x"},
	} {
		got := b.accept(object{"replay": wrong, "deliveries": []object{b.planned(d, nil)}})[0]
		if got.Status != "failed" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	b.equal(b.count("SELECT count(*) FROM deliveries"), 1)
}
