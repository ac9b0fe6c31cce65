package testkit

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"slices"

	"pockethook/internal/queue"
)

const (
	LeaseMs = 30_000
	DayMs   = 24 * 60 * 60 * 1000
)

type Object = map[string]any

// Event is an AcceptItem's event; fields replace its own.
func (b *Bench) Event(fields Object) Object {
	event := Object{
		"id": b.ID("evt"), "account": b.Account, "source": b.Source, "type": "push", "correlation_id": "c-1",
		"traceparent": "", "hops": 0, "dedupe_key": "", "method": "POST", "query": "a=1", "headers": [][]string{{"X-A", "1"}},
		"content_type": "application/json", "body": `{"a":1}`, "body_encoding": "utf8", "extracted": Object{},
		"decisions": []any{}, "received_at": "2026-11-23 12:00:00.000Z",
	}
	maps.Copy(event, fields)
	return event
}

func (b *Bench) Planned(destination string, fields Object) Object {
	planned := Object{
		"id": b.ID("dlv"), "mapping": "map000000000001", "destination": destination, "state": "pending",
		"passthrough": false, "request_body": `{"text":"hello"}`, "request_content_type": "application/json",
		"expires_in_ms": 7 * DayMs, "lease": false,
	}
	maps.Copy(planned, fields)
	return planned
}

func Item(event Object, deliveries ...Object) Object {
	if deliveries == nil {
		deliveries = []Object{}
	}
	return Object{"event": event, "deliveries": deliveries}
}

func Raw(value any) jsontext.Value {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return encoded
}

// Accept as process "a"; results in order.
func (b *Bench) Accept(items ...Object) []queue.AcceptResult {
	b.Helper()
	return b.AcceptAs("a", items...).Results
}

func (b *Bench) AcceptAs(owner string, items ...Object) queue.AcceptAnswer {
	b.Helper()
	request := queue.AcceptRequest{Owner: owner, LeaseMs: LeaseMs}
	for _, one := range items {
		request.Items = append(request.Items, Raw(one))
	}
	answer, err := b.Queue.Accept(request)
	b.Must(err)
	return answer
}

// Enqueue stores an event with one delivery for each destination, and returns the deliveries.
func (b *Bench) Enqueue(destinations ...string) []string {
	b.Helper()
	var planned []Object
	var ids []string
	for _, destination := range destinations {
		one := b.Planned(destination, nil)
		planned, ids = append(planned, one), append(ids, one["id"].(string))
	}
	result := b.Accept(Item(b.Event(nil), planned...))[0]
	if result.Status != "accepted" {
		b.Fatalf("not accepted: %+v", result)
	}
	return ids
}

func (b *Bench) Claim(owner string, limit int) queue.ClaimAnswer {
	b.Helper()
	answer, err := b.Queue.Claim(queue.ClaimRequest{Owner: owner, LeaseMs: LeaseMs, Limit: limit})
	b.Must(err)
	return answer
}

func Claimed(answer queue.ClaimAnswer) []string {
	var ids []string
	for _, delivery := range answer.Deliveries {
		ids = append(ids, delivery.ID)
	}
	return ids
}

func (b *Bench) Tried(outcome string, fields func(*queue.Attempt)) *queue.Attempt {
	a := &queue.Attempt{
		ID: b.ID("att"), Number: 1, StartedAt: "2026-11-23 12:00:00.000Z", DurationMs: 12, Status: 200, Outcome: outcome,
		ResponseHeaders: Raw(Object{"x": "y"}), ResponseBody: "ok",
	}
	if fields != nil {
		fields(a)
	}
	return a
}

func (b *Bench) Settle(owner string, results ...queue.Settlement) []string {
	b.Helper()
	answer, err := b.Queue.Settle(queue.SettleRequest{Owner: owner, Results: results})
	b.Must(err)
	var statuses []string
	for _, result := range answer.Results {
		statuses = append(statuses, result.Status)
	}
	return statuses
}

// Deliver settles a leased delivery as delivered.
func (b *Bench) Deliver(owner, delivery string, token int64) {
	b.Helper()
	got := b.Settle(owner, queue.Settlement{
		Delivery: delivery, LeaseToken: token, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered", UsedTry: true},
	})
	b.Equal(got, []string{"settled"})
}

// Equal compares by JSON: what callers see.
func (b *Bench) Equal(got, want any) {
	b.Helper()
	if g, w := canonical(got), canonical(want); g != w {
		b.Fatalf("got  %s\nwant %s", g, w)
	}
}

func canonical(value any) string {
	encoded := Raw(value)
	if err := encoded.Canonicalize(); err != nil {
		panic(err)
	}
	return string(encoded)
}

func Sorted(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

func Merge(objects ...Object) Object {
	all := Object{}
	for _, one := range objects {
		maps.Copy(all, one)
	}
	return all
}
