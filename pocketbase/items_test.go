package main

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"slices"
)

const (
	leaseMs = 30_000
	dayMs   = 24 * 60 * 60 * 1000
)

type object = map[string]any

// event is an AcceptItem's event; fields replace its own.
func (b *bench) event(fields object) object {
	event := object{
		"id": b.id("evt"), "account": b.account, "source": b.source, "type": "push", "correlation_id": "c-1",
		"traceparent": "", "hops": 0, "dedupe_key": "", "method": "POST", "query": "a=1", "headers": [][]string{{"X-A", "1"}},
		"content_type": "application/json", "body": `{"a":1}`, "body_encoding": "utf8", "extracted": object{},
		"decisions": []any{}, "received_at": "2026-11-23 12:00:00.000Z",
	}
	maps.Copy(event, fields)
	return event
}

func (b *bench) planned(destination string, fields object) object {
	planned := object{
		"id": b.id("dlv"), "mapping": "map000000000001", "destination": destination, "state": "pending",
		"passthrough": false, "request_body": `{"text":"hello"}`, "request_content_type": "application/json",
		"expires_in_ms": 7 * dayMs, "lease": false,
	}
	maps.Copy(planned, fields)
	return planned
}

func item(event object, deliveries ...object) object {
	if deliveries == nil {
		deliveries = []object{}
	}
	return object{"event": event, "deliveries": deliveries}
}

func raw(value any) jsontext.Value {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return encoded
}

// accept as process "a"; results in order.
func (b *bench) accept(items ...object) []acceptResult {
	b.Helper()
	return b.acceptAs("a", items...).Results
}

func (b *bench) acceptAs(owner string, items ...object) acceptAnswer {
	b.Helper()
	request := acceptRequest{Owner: owner, LeaseMs: leaseMs}
	for _, one := range items {
		request.Items = append(request.Items, raw(one))
	}
	answer, err := b.queue.accept(request)
	b.must(err)
	return answer
}

// enqueue stores an event with one delivery for each destination, and returns the deliveries.
func (b *bench) enqueue(destinations ...string) []string {
	b.Helper()
	var planned []object
	var ids []string
	for _, destination := range destinations {
		one := b.planned(destination, nil)
		planned, ids = append(planned, one), append(ids, one["id"].(string))
	}
	result := b.accept(item(b.event(nil), planned...))[0]
	if result.Status != "accepted" {
		b.Fatalf("not accepted: %+v", result)
	}
	return ids
}

func (b *bench) claim(owner string, limit int) claimAnswer {
	b.Helper()
	answer, err := b.queue.claim(claimRequest{Owner: owner, LeaseMs: leaseMs, Limit: limit})
	b.must(err)
	return answer
}

func claimed(answer claimAnswer) []string {
	var ids []string
	for _, delivery := range answer.Deliveries {
		ids = append(ids, delivery.ID)
	}
	return ids
}

func (b *bench) tried(outcome string, fields func(*attempt)) *attempt {
	a := &attempt{
		ID: b.id("att"), Number: 1, StartedAt: "2026-11-23 12:00:00.000Z", DurationMs: 12, Status: 200, Outcome: outcome,
		ResponseHeaders: raw(object{"x": "y"}), ResponseBody: "ok",
	}
	if fields != nil {
		fields(a)
	}
	return a
}

func (b *bench) settle(owner string, results ...settlement) []string {
	b.Helper()
	answer, err := b.queue.settle(settleRequest{Owner: owner, Results: results})
	b.must(err)
	var statuses []string
	for _, result := range answer.Results {
		statuses = append(statuses, result.Status)
	}
	return statuses
}

// deliver settles a leased delivery as delivered.
func (b *bench) deliver(owner, delivery string, token int64) {
	b.Helper()
	got := b.settle(owner, settlement{
		Delivery: delivery, LeaseToken: token, Attempt: b.tried("success", nil), Next: nextState{State: "delivered", UsedTry: true},
	})
	b.equal(got, []string{"settled"})
}

// equal compares by JSON: what callers see.
func (b *bench) equal(got, want any) {
	b.Helper()
	if g, w := canonical(got), canonical(want); g != w {
		b.Fatalf("got  %s\nwant %s", g, w)
	}
}

func canonical(value any) string {
	encoded := raw(value)
	if err := encoded.Canonicalize(); err != nil {
		panic(err)
	}
	return string(encoded)
}

func sorted(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

func merge(objects ...object) object {
	all := object{}
	for _, one := range objects {
		maps.Copy(all, one)
	}
	return all
}
