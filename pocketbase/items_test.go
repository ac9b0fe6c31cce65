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

// Event is an AcceptItem's event; fields replace its own.
func (b *bench) Event(fields object) object {
	event := object{
		"id": b.ID("evt"), "account": b.Account, "source": b.Source, "type": "push", "correlation_id": "c-1",
		"traceparent": "", "hops": 0, "dedupe_key": "", "method": "POST", "query": "a=1", "headers": [][]string{{"X-A", "1"}},
		"content_type": "application/json", "body": `{"a":1}`, "body_encoding": "utf8", "extracted": object{},
		"decisions": []any{}, "received_at": "2026-11-23 12:00:00.000Z",
	}
	maps.Copy(event, fields)
	return event
}

func (b *bench) Planned(destination string, fields object) object {
	planned := object{
		"id": b.ID("dlv"), "mapping": "map000000000001", "destination": destination, "state": "pending",
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

// Accept as process "a"; results in order.
func (b *bench) Accept(items ...object) []acceptResult {
	b.Helper()
	return b.AcceptAs("a", items...).Results
}

func (b *bench) AcceptAs(owner string, items ...object) acceptAnswer {
	b.Helper()
	request := acceptRequest{Owner: owner, LeaseMs: leaseMs}
	for _, one := range items {
		request.Items = append(request.Items, raw(one))
	}
	answer, err := b.Queue.Accept(request)
	b.Must(err)
	return answer
}

// Enqueue stores an event with one delivery for each destination, and returns the deliveries.
func (b *bench) Enqueue(destinations ...string) []string {
	b.Helper()
	var planned []object
	var ids []string
	for _, destination := range destinations {
		one := b.Planned(destination, nil)
		planned, ids = append(planned, one), append(ids, one["id"].(string))
	}
	result := b.Accept(item(b.Event(nil), planned...))[0]
	if result.Status != "accepted" {
		b.Fatalf("not accepted: %+v", result)
	}
	return ids
}

func (b *bench) Claim(owner string, limit int) claimAnswer {
	b.Helper()
	answer, err := b.Queue.Claim(claimRequest{Owner: owner, LeaseMs: leaseMs, Limit: limit})
	b.Must(err)
	return answer
}

func claimed(answer claimAnswer) []string {
	var ids []string
	for _, delivery := range answer.Deliveries {
		ids = append(ids, delivery.ID)
	}
	return ids
}

func (b *bench) Tried(outcome string, fields func(*attempt)) *attempt {
	a := &attempt{
		ID: b.ID("att"), Number: 1, StartedAt: "2026-11-23 12:00:00.000Z", DurationMs: 12, Status: 200, Outcome: outcome,
		ResponseHeaders: raw(object{"x": "y"}), ResponseBody: "ok",
	}
	if fields != nil {
		fields(a)
	}
	return a
}

func (b *bench) Settle(owner string, results ...settlement) []string {
	b.Helper()
	answer, err := b.Queue.Settle(settleRequest{Owner: owner, Results: results})
	b.Must(err)
	var statuses []string
	for _, result := range answer.Results {
		statuses = append(statuses, result.Status)
	}
	return statuses
}

// Deliver settles a leased delivery as delivered.
func (b *bench) Deliver(owner, delivery string, token int64) {
	b.Helper()
	got := b.Settle(owner, settlement{
		Delivery: delivery, LeaseToken: token, Attempt: b.Tried("success", nil), Next: nextState{State: "delivered", UsedTry: true},
	})
	b.Equal(got, []string{"settled"})
}

// Equal compares by JSON: what callers see.
func (b *bench) Equal(got, want any) {
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
