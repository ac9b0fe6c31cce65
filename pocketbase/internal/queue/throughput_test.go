package queue_test

import (
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pockethook/internal/queue"
	"pockethook/internal/retention"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// BenchmarkAccept: batches of 64 events of 1 KB with one leased delivery each, as the API service sends them; every batch is
// one durable commit. BenchmarkJourney settles them as well. Both report events per second.
func BenchmarkAccept(b *testing.B)  { benchmarkQueue(b, false) }
func BenchmarkJourney(b *testing.B) { benchmarkQueue(b, true) }

const batchSize = 64

func benchmarkQueue(tb *testing.B, settled bool) {
	b := NewBench(tb)
	b.Time = time.Now()
	destination := b.Destination(Object{"max_concurrency": 1000})
	body := `{"text":"` + strings.Repeat("x", 1000) + `"}`
	batch := func() (items []jsontext.Value, ids []string) {
		for range batchSize {
			event := b.Event(Object{
				"body": body, "dedupe_key": b.ID("key"), "headers": [][]string{{"User-Agent", "bench"}, {"Content-Type", "application/json"}},
			})
			planned := b.Planned(destination, Object{"lease": settled, "passthrough": true, "request_body": ""})
			items, ids = append(items, Raw(Item(event, planned))), append(ids, planned["id"].(string))
		}
		return items, ids
	}
	tb.ResetTimer()
	events := 0
	for tb.Loop() {
		tb.StopTimer()
		items, ids := batch()
		tb.StartTimer()
		answer, err := b.Queue.Accept(queue.AcceptRequest{Owner: "a", LeaseMs: LeaseMs, Items: items})
		b.Must(err)
		if answer.Results[batchSize-1].Status != "accepted" {
			tb.Fatal(answer.Results[batchSize-1])
		}
		events += batchSize
		if !settled {
			continue
		}
		request := queue.SettleRequest{Owner: "a"}
		for _, id := range ids {
			request.Results = append(request.Results, queue.Settlement{
				Delivery: id, LeaseToken: 1, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered", UsedTry: true},
			})
		}
		if _, err := b.Queue.Settle(request); err != nil {
			tb.Fatal(err)
		}
	}
	tb.ReportMetric(float64(events)/tb.Elapsed().Seconds(), "events/s")
}

// BenchmarkClaim leases 64 of a long queue: of one destination, and of many.
func BenchmarkClaim(b *testing.B) {
	for _, shape := range []struct{ destinations, each int }{{1, 100_000}, {10_000, 10}} {
		b.Run(fmt.Sprintf("%dx%d", shape.destinations, shape.each), func(tb *testing.B) {
			b := NewBench(tb)
			b.Fill(shape.destinations, shape.each)
			tb.ResetTimer()
			for tb.Loop() {
				tb.StopTimer()
				b.Time = b.Time.Add(time.Minute)
				b.Execute("UPDATE deliveries INDEXED BY idx_deliveries_leased SET state = 'delivered' WHERE state = 'delivering'", nil)
				tb.StartTimer()
				b.Equal(len(b.Claim("a", 64).Deliveries), 64)
			}
		})
	}
}

// BenchmarkRetain deletes 200,000 events of 1 KB with a delivery and an attempt each, and reports events per second, the longest
// hold of the writing connection, and what a commit of 8 events costs meanwhile and afterwards.
func BenchmarkRetain(tb *testing.B) {
	b := NewBench(tb)
	b.Time = time.Now()
	fillHistory(b, 200_000)
	ids := 0
	accept := func() time.Duration {
		items := []jsontext.Value{}
		for range 8 {
			ids++
			items = append(items, Raw(Item(b.Event(Object{
				"id": fmt.Sprintf("new%012d", ids), "body": strings.Repeat("x", 1000), "received_at": store.FormatTime(b.Time),
			}))))
		}
		began := time.Now()
		_, err := b.Queue.Accept(queue.AcceptRequest{Owner: "a", LeaseMs: LeaseMs, Items: items})
		b.Must(err)
		return time.Since(began)
	}
	p95 := func(until func() bool) (float64, float64) {
		var all []time.Duration
		for !until() {
			all = append(all, accept())
			time.Sleep(2 * time.Millisecond)
		}
		slices.Sort(all)
		return float64(all[len(all)*95/100].Microseconds()) / 1000, float64(all[len(all)-1].Microseconds()) / 1000
	}
	tb.ResetTimer()
	for tb.Loop() {
		var done atomic.Bool
		var holds []float64
		var deleted, freed int64
		began := time.Now()
		go func() {
			defer done.Store(true)
			request := retention.Request{Days: 30, BudgetMs: 100}
			for more := true; more; {
				answer, err := retention.New(b.Store).Retain(request)
				if err != nil {
					panic(err)
				}
				holds = append(holds, answer.LongestHoldMs)
				deleted, freed = deleted+answer.Deleted.Events, freed+answer.Deleted.FreedPages
				request.After, more = answer.After, answer.More
			}
		}()
		busy95, busyMax := p95(done.Load)
		took := time.Since(began)
		b.Equal(int(deleted), 200_000)
		quietUntil := time.Now().Add(3 * time.Second)
		quiet95, _ := p95(func() bool { return time.Now().After(quietUntil) })
		slices.Sort(holds)
		tb.ReportMetric(float64(deleted)/took.Seconds(), "events/s")
		tb.ReportMetric(float64(freed), "freed-pages")
		tb.ReportMetric(holds[len(holds)/2], "hold-p50-ms")
		tb.ReportMetric(holds[len(holds)-1], "hold-max-ms")
		tb.ReportMetric(busy95, "accept-p95-ms")
		tb.ReportMetric(busyMax, "accept-max-ms")
		tb.ReportMetric(quiet95, "quiet-p95-ms")
	}
}

// fillHistory puts delivered events of 60 days ago straight into the tables.
func fillHistory(b *Bench, count int) {
	params := Object{"count": count, "account": b.Account, "source": b.Source, "at": store.FormatTime(b.Time.AddDate(0, 0, -60)), "body": strings.Repeat("x", 1000)}
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count}) `
	for _, insert := range []string{
		`INSERT INTO events (id, account, source, type, dedupe_key, headers, extracted, decisions, received_at, seq)
			SELECT printf('old%012d', i), {:account}, {:source}, 'push', printf('key%d', i), '[]', '{}', '[]', strftime('%Y-%m-%d %H:%M:%fZ', {:at}, printf('+%.3f seconds', i / 100.0)), 1000000 + i FROM n`,
		`INSERT INTO event_bodies (id, account, body, body_encoding) SELECT printf('old%012d', i), {:account}, {:body}, 'utf8' FROM n`,
		`INSERT INTO deliveries (id, account, event, destination, state, next_attempt_at, expires_at, seq)
			SELECT printf('dlv%012d', i), {:account}, printf('old%012d', i), printf('dst%012d', i % 10), 'delivered', {:at}, {:at}, 1000000 + i FROM n`,
		`INSERT INTO attempts (id, account, delivery, number, outcome, lease_token, response_body)
			SELECT printf('att%012d', i), {:account}, printf('dlv%012d', i), 1, 'success', 1, 'ok' FROM n`,
	} {
		b.Execute(numbers+insert, params)
	}
}
