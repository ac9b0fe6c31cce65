package main

import (
	"encoding/json/jsontext"
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkAccept: batches of 64 events of 1 KB with one leased delivery each, as the API service sends them; every batch is
// one durable commit. BenchmarkJourney settles them as well. Both report events per second.
func BenchmarkAccept(b *testing.B)  { benchmarkQueue(b, false) }
func BenchmarkJourney(b *testing.B) { benchmarkQueue(b, true) }

const batchSize = 64

func benchmarkQueue(tb *testing.B, settled bool) {
	b := newBench(tb)
	b.time = time.Now()
	destination := b.destination(object{"max_concurrency": 1000})
	body := `{"text":"` + strings.Repeat("x", 1000) + `"}`
	batch := func() (items []jsontext.Value, ids []string) {
		for range batchSize {
			event := b.event(object{
				"body": body, "dedupe_key": b.id("key"), "headers": [][]string{{"User-Agent", "bench"}, {"Content-Type", "application/json"}},
			})
			planned := b.planned(destination, object{"lease": settled, "passthrough": true, "request_body": ""})
			items, ids = append(items, raw(item(event, planned))), append(ids, planned["id"].(string))
		}
		return items, ids
	}
	tb.ResetTimer()
	events := 0
	for tb.Loop() {
		tb.StopTimer()
		items, ids := batch()
		tb.StartTimer()
		answer, err := b.queue.accept(acceptRequest{Owner: "a", LeaseMs: leaseMs, Items: items})
		b.must(err)
		if answer.Results[batchSize-1].Status != "accepted" {
			tb.Fatal(answer.Results[batchSize-1])
		}
		events += batchSize
		if !settled {
			continue
		}
		request := settleRequest{Owner: "a"}
		for _, id := range ids {
			request.Results = append(request.Results, settlement{
				Delivery: id, LeaseToken: 1, Attempt: b.tried("success", nil), Next: nextState{State: "delivered", UsedTry: true},
			})
		}
		if _, err := b.queue.settle(request); err != nil {
			tb.Fatal(err)
		}
	}
	tb.ReportMetric(float64(events)/tb.Elapsed().Seconds(), "events/s")
}

// BenchmarkClaim leases 64 of a long queue: of one destination, and of many.
func BenchmarkClaim(b *testing.B) {
	for _, shape := range []struct{ destinations, each int }{{1, 100_000}, {10_000, 10}} {
		b.Run(fmt.Sprintf("%dx%d", shape.destinations, shape.each), func(tb *testing.B) {
			b := newBench(tb)
			b.fill(shape.destinations, shape.each)
			tb.ResetTimer()
			for tb.Loop() {
				tb.StopTimer()
				b.time = b.time.Add(time.Minute)
				b.execute("UPDATE deliveries INDEXED BY idx_deliveries_leased SET state = 'delivered' WHERE state = 'delivering'", nil)
				tb.StartTimer()
				b.equal(len(b.claim("a", 64).Deliveries), 64)
			}
		})
	}
}

// fill puts due deliveries of one event straight into the table.
func (b *bench) fill(destinations, each int) {
	event := b.event(nil)
	b.accept(item(event))
	b.execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
		INSERT INTO destinations (id, name, type, url, enabled, account, max_concurrency)
		SELECT printf('dst%012d', i), 'd', 'http', 'https://example.com', TRUE, {:account}, 1000 FROM n`,
		object{"count": destinations, "account": b.account})
	b.execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
		INSERT INTO deliveries (id, account, event, mapping, destination, state, next_attempt_at, expires_at, seq)
		SELECT printf('dlv%012d', i), {:account}, {:event}, '', printf('dst%012d', i % {:destinations}), 'pending',
			'2026-11-23 11:00:00.000Z', '2026-11-30 12:00:00.000Z', 1000 + i FROM n`,
		object{"count": destinations * each, "destinations": destinations, "account": b.account, "event": event["id"]})
}
