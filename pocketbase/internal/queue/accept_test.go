package queue_test

import (
	"encoding/json/jsontext"
	"strings"
	"testing"

	"pockethook/internal/queue"
	. "pockethook/internal/testkit"
)

func TestAcceptStoresEventBodyAndDeliveriesInOrder(t *testing.T) {
	b := NewBench(t)
	d1, d2 := b.Destination(nil), b.Destination(nil)
	first := b.Event(Object{"body": "caf\u00e9 \x00 end", "extracted": Object{"n": 9007199254740993}})
	p1, p2 := b.Planned(d1, nil), b.Planned(d2, Object{"passthrough": true, "request_body": ""})
	second := b.Event(nil)

	results := b.Accept(Item(first, p1, p2), Item(second))

	b.Equal(results, []Object{
		{"status": "accepted", "seq": 1, "leased": []string{}},
		{"status": "accepted", "seq": 4, "leased": []string{}},
	})
	stored := b.Get("events", first["id"].(string))
	b.Equal(stored.GetString("account"), b.Account)
	b.Equal(stored.GetString("extracted"), `{"n":9007199254740993}`)
	b.Equal(b.Get("event_bodies", first["id"].(string)).GetString("body"), "caf\u00e9 \x00 end")
	for seq, planned := range map[int]Object{2: p1, 3: p2} {
		delivery := b.Get("deliveries", planned["id"].(string))
		b.Equal(delivery.GetInt("seq"), seq)
		b.Equal(delivery.GetString("state"), "pending")
		b.Equal(delivery.GetString("account"), b.Account)
		b.Equal(delivery.GetString("next_attempt_at"), "2026-11-23 12:00:00.000Z")
		b.Equal(delivery.GetString("expires_at"), "2026-11-30 12:00:00.000Z")
	}
}

func TestAcceptABadItemFailsAlone(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	taken := b.Planned(d, nil)
	b.Accept(Item(b.Event(nil), taken))
	good := b.Event(nil)
	cases := map[string]struct {
		item    Object
		message string
	}{
		"malformed":         {Object{"event": "x"}, "not of the form"},
		"empty":             {Object{}, "either an event or a replay"},
		"id":                {Item(b.Event(Object{"id": "short"})), "events.id"},
		"long type":         {Item(b.Event(Object{"type": strings.Repeat("x", 301)})), "events.type is longer than 300"},
		"headers":           {Item(b.Event(Object{"headers": "x"})), "events.headers"},
		"received_at":       {Item(b.Event(Object{"received_at": "yesterday"})), "events.received_at"},
		"encoding":          {Item(b.Event(Object{"body_encoding": "hex"})), "event_bodies.body_encoding"},
		"account":           {Item(b.Event(Object{"account": "nobody000000000"})), "no account"},
		"delivery id":       {Item(b.Event(nil), b.Planned(d, Object{"id": "X"})), "deliveries.id"},
		"expiry":            {Item(b.Event(nil), b.Planned(d, Object{"expires_in_ms": 0})), "deliveries.expires_in_ms"},
		"delivery twice":    {Item(b.Event(nil), taken), "another event"},
		"long content type": {Item(b.Event(nil), b.Planned(d, nil), b.Planned(d, Object{"request_content_type": strings.Repeat("x", 1001)})), "request_content_type"},
	}
	events, deliveries := b.Count("SELECT count(*) FROM events"), b.Count("SELECT count(*) FROM deliveries")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			good = b.Event(nil)
			results := b.Accept(c.item, Item(good, b.Planned(d, nil)))
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
	b := NewBench(t)
	event := b.Event(nil)
	text := strings.Replace(string(Raw(Item(event))), `"extracted":{}`, `"extracted":{"lone":"\ud800","a":1,"a":2}`, 1)
	answer, err := b.Queue.Accept(queue.AcceptRequest{Owner: "a", LeaseMs: LeaseMs, Items: []jsontext.Value{jsontext.Value(text)}})
	b.Must(err)
	b.Equal(answer.Results[0].Status, "accepted")
}

func TestAcceptCountsDuplicates(t *testing.T) {
	b := NewBench(t)
	other := b.Save("sources", Object{"name": "other", "enabled": true, "verification": "none"}).Id
	first, again, elsewhere := b.Event(Object{"dedupe_key": "k"}), b.Event(Object{"dedupe_key": "k"}), b.Event(Object{"dedupe_key": "k", "source": other})
	d := b.Destination(nil)
	results := b.Accept(Item(first), Item(again, b.Planned(d, nil)), Item(elsewhere), Item(b.Event(nil)), Item(b.Event(nil)))
	b.Equal(results[1], Object{"status": "duplicate", "id": first["id"]})
	for _, i := range []int{0, 2, 3, 4} {
		b.Equal(results[i].Status, "accepted")
	}
	b.Equal(b.Get("events", first["id"].(string)).GetInt("duplicates"), 1)
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 0)
	b.Equal(b.Accept(Item(b.Event(Object{"dedupe_key": "k"})))[0].ID, first["id"])
	b.Equal(b.Get("events", first["id"].(string)).GetInt("duplicates"), 2)
}

func TestAcceptRepeatedWithTheSameIds(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	event, leased, waiting := b.Event(Object{"dedupe_key": "k"}), b.Planned(d, Object{"lease": true}), b.Planned(d, nil)
	one := Item(event, leased, waiting)
	want := []Object{{"status": "accepted", "seq": 1, "leased": []any{leased["id"]}}}
	b.Equal(b.Accept(one), want)
	b.Equal(b.Accept(one), want)
	b.Equal(b.AcceptAs("b", one).Results, []Object{{"status": "accepted", "seq": 1, "leased": []string{}}})
	b.Equal(b.Get("events", event["id"].(string)).GetInt("duplicates"), 0)

	b.Deliver("a", leased["id"].(string), 1)
	b.Equal(b.Accept(one), []Object{{"status": "accepted", "seq": 1, "leased": []string{}}})
	b.Equal(b.State(leased["id"].(string)), "delivered")
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 2)
}

func TestAcceptLeases(t *testing.T) {
	b := NewBench(t)
	plain := b.Destination(Object{"max_concurrency": 2})
	ordered := b.Destination(Object{"ordered": true})
	disabled := b.Destination(Object{"enabled": false})
	wish := Object{"lease": true}
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
		result := b.Accept(Item(b.Event(nil), planned))[0]
		b.Equal(b.State(planned["id"].(string)), c.want)
		b.Equal(len(result.Leased), map[bool]int{true: 1}[c.want == "delivering"])
	}

	// In one batch as well, and another process's leases count.
	p1, p2 := b.Planned(b.Destination(Object{"max_concurrency": 1}), wish), Object(nil)
	p2 = b.Planned(p1["destination"].(string), wish)
	results := b.AcceptAs("b", Item(b.Event(nil), p1), Item(b.Event(nil), p2)).Results
	b.Equal(len(results[0].Leased)+len(results[1].Leased), 1)
	lease := b.Get("deliveries", p1["id"].(string))
	b.Equal([]any{lease.GetString("lease_owner"), lease.GetInt("lease_token"), lease.GetInt("claims"), lease.GetString("lease_until")},
		[]any{"b", 1, 1, "2026-11-23 12:00:30.000Z"})
}

func TestAcceptReplay(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	event := b.Event(nil)
	b.Accept(Item(event))
	planned := b.Planned(d, Object{"lease": true})
	replay := Object{"event": event["id"], "mode": "current", "actor": "operator:a@example.com"}
	one := Object{"replay": replay, "deliveries": []Object{planned}}
	want := []Object{{"status": "accepted", "seq": 1, "leased": []any{planned["id"]}}}
	b.Equal(b.Accept(one), want)
	b.Equal(b.Accept(one), want)
	b.Equal(b.Get("deliveries", planned["id"].(string)).GetString("replay"), "current")
	b.Equal(b.Get("deliveries", planned["id"].(string)).GetString("replay_id"), "")
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE action = 'event.replay' AND actor = 'operator:a@example.com' AND account = '"+b.Account+"'"), 1)

	for name, wrong := range map[string]Object{
		"no event": {"event": "evt99999999999x", "mode": "current", "actor": "x"},
		"mode":     {"event": event["id"], "mode": "other", "actor": "x"},
		"job":      {"event": event["id"], "mode": "current", "actor": "x", "job": "no id"},
	} {
		got := b.Accept(Object{"replay": wrong, "deliveries": []Object{b.Planned(d, nil)}})[0]
		if got.Status != "failed" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 1)

	again := b.Planned(d, nil)
	replay["job"] = "job000000000001"
	b.Accept(Object{"replay": replay, "deliveries": []Object{again}})
	b.Equal(b.Get("deliveries", again["id"].(string)).GetString("replay_id"), "job000000000001")
}

// What fails only when it is written must cost nobody else, nor leave anything, wherever in the batch it is.
func TestAcceptUndoesWhatFailsLate(t *testing.T) {
	b := NewBench(t)
	limited := b.Destination(Object{"max_concurrency": 3})
	taken := b.Planned(limited, Object{"lease": true})
	b.Accept(Item(b.Event(nil), taken))
	good := func() Object { return Item(b.Event(nil), b.Planned(limited, Object{"lease": true})) }
	late := func() Object {
		return Item(b.Event(Object{"dedupe_key": b.ID("key")}), b.Planned(limited, Object{"lease": true}), taken)
	}
	results := b.Accept(late(), good(), late(), good(), good(), late())
	leased := 0
	for i, want := range []string{"failed", "accepted", "failed", "accepted", "accepted", "failed"} {
		b.Equal(results[i].Status, want)
		leased += len(results[i].Leased)
	}
	// Two places were free: what was undone took none of them.
	b.Equal(leased, 2)
	b.Equal(b.Count("SELECT count(*) FROM events"), 4)
	b.Equal(b.Count("SELECT count(*) FROM event_bodies"), 4)
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 4)
	b.Equal(b.Count("SELECT count(*) FROM events WHERE dedupe_key != ''"), 0)
}
