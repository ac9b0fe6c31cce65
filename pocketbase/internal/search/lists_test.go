package search_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/overview"
	"pockethook/internal/search"
	. "pockethook/internal/testkit"
)

// BenchmarkLists measures what the console asks, on a history of EVENTS (1,000,000 unless set) with three attempts each, put
// straight into the tables. It reports the 95th percentile of each question in milliseconds; docs/benchmarks.md has them.
func BenchmarkLists(tb *testing.B) {
	b := NewBench(tb)
	count, err := strconv.Atoi(os.Getenv("EVENTS"))
	if err != nil {
		count = 1_000_000
	}
	began := time.Now()
	seed(b, count)
	tb.Logf("%d events, %d deliveries, %d attempts in %s", count, b.Count("SELECT count(*) FROM deliveries"), b.Count("SELECT count(*) FROM attempts"), time.Since(began))
	began = time.Now()
	b.Must(search.Index{Store: b.Store}.CatchUp(context.Background()))
	tb.Logf("indexed in %s", time.Since(began))
	searching, seen := search.New(b.Store), overview.New(b.Store)
	list := func(query string, params dbx.Params) func(i int) {
		return func(i int) {
			rows, err := b.App.ConcurrentDB().NewQuery(query).Bind(params).Rows()
			b.Must(err)
			for rows.Next() {
			}
			b.Must(rows.Err())
			rows.Close()
		}
	}
	events := func(where string, params dbx.Params) func(i int) {
		return list("SELECT * FROM events WHERE "+where+" ORDER BY seq DESC LIMIT 51", params)
	}
	deliveries := func(where string, params dbx.Params) func(i int) {
		return list("SELECT * FROM deliveries WHERE "+where+" ORDER BY seq DESC LIMIT 51", params)
	}
	words := func(query string) func(i int) {
		return func(int) {
			_, err := searching.Events(search.EventsRequest{Query: query, Account: b.Account, Limit: 51})
			b.Must(err)
		}
	}
	own := dbx.Params{"account": b.Account, "source": "src000000000003", "rare": "src000000rare00", "middle": count, "destination": "dst000000000003",
		"from": "2026-11-22 00:00:00.000Z", "to": "2026-11-22 01:00:00.000Z", "correlation": "corr-77777"}
	for _, one := range []struct {
		name string
		ask  func(i int)
	}{
		{"events", events("account = {:account}", own)},
		{"events-deep", events("account = {:account} AND seq < {:middle}", own)},
		{"events-of-source", events("account = {:account} AND source = {:source}", own)},
		{"events-of-rare-source", events("account = {:account} AND source = {:rare}", own)},
		{"events-of-type", events("account = {:account} AND type = 'order.3'", own)},
		{"events-of-source-and-type", events("account = {:account} AND source = {:source} AND type = 'order.3'", own)},
		{"events-of-hour", events("account = {:account} AND received_at >= {:from} AND received_at < {:to}", own)},
		{"events-of-correlation", events("account = {:account} AND correlation_id = {:correlation}", own)},
		{"deliveries", deliveries("account = {:account}", own)},
		{"deliveries-dead", deliveries("account = {:account} AND state = 'dead'", own)},
		{"deliveries-pending", deliveries("account = {:account} AND state = 'pending'", own)},
		{"deliveries-of-destination", deliveries("account = {:account} AND destination = {:destination}", own)},
		{"deliveries-dead-of-destination", deliveries("account = {:account} AND destination = {:destination} AND state = 'dead'", own)},
		{"words-common", words("common")},
		{"words-rare", words("word77777")},
		{"words-prefix", words("word777*")},
		{"words-short-prefix", words("wor*")},
		{"words-two", words("common word77777")},
		{"search", func(int) {
			_, err := searching.Quick(search.QuickRequest{Query: "word77777", Account: b.Account})
			b.Must(err)
		}},
		{"search-id", func(int) {
			_, err := searching.Quick(search.QuickRequest{Query: "evt00000007", Account: b.Account})
			b.Must(err)
		}},
		{"overview-hour", func(int) { read(b, seen, "hour") }},
		{"overview-day", func(int) { read(b, seen, "day") }},
	} {
		times := []time.Duration{}
		for i := range 40 {
			began := time.Now()
			one.ask(i)
			times = append(times, time.Since(began))
		}
		slices.Sort(times)
		fmt.Printf("%-32s p50 %8.2f ms  p95 %8.2f ms\n", one.name, float64(times[20].Microseconds())/1000, float64(times[37].Microseconds())/1000)
	}
	for tb.Loop() {
	}
}

func read(b *Bench, seen *overview.Overview, of string) {
	_, err := seen.Read(overview.Request{Account: b.Account, Range: of})
	b.Must(err)
}

// seed makes a week of events of 20 sources, each with a delivery to one of 10 destinations, and three attempts; every hundredth is
// dead, and 5,000 are pending.
func seed(b *Bench, count int) {
	params := dbx.Params{"count": count, "account": b.Account, "start": "2026-11-17 00:00:00.000Z", "step": 6.5 * 86400 / float64(count), "pending": count - 5000}
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count}) `
	const at = `strftime('%Y-%m-%d %H:%M:%fZ', {:start}, printf('+%.3f seconds', i * {:step}))`
	for _, insert := range []string{
		`INSERT INTO events (id, account, source, type, correlation_id, dedupe_key, method, headers, extracted, decisions, received_at, seq)
			SELECT printf('evt%012d', i), {:account}, CASE WHEN i % 10007 = 0 THEN 'src000000rare00' ELSE printf('src%012d', i % 20) END, printf('order.%d', i % 7),
				printf('corr-%d', i), printf('key%d', i), 'POST', '[["Content-Type","application/json"]]',
				printf('{"order":"word%d","customer":"common name%d","total":%d}', i, i % 5000, i % 1000), '[]', ` + at + `, 2 * i + 1 FROM n`,
		`INSERT INTO event_bodies (id, account, body, body_encoding) SELECT printf('evt%012d', i), {:account}, printf('{"order":%d}', i), 'utf8' FROM n`,
		`INSERT INTO deliveries (id, account, event, mapping, destination, state, attempts_made, next_attempt_at, expires_at, seq, created, updated)
			SELECT printf('dlv%012d', i), {:account}, printf('evt%012d', i), '', printf('dst%012d', i % 10),
				CASE WHEN i >= {:pending} THEN 'pending' WHEN i % 100 = 0 THEN 'dead' ELSE 'delivered' END, 3, ` + at + `, ` + at + `, 2 * i + 2, ` + at + `, ` + at + ` FROM n`,
		`INSERT INTO attempts (id, account, delivery, number, outcome, lease_token, started_at, duration_ms, response_body)
			SELECT printf('att%011d%d', i, k), {:account}, printf('dlv%012d', i), k, 'success', k, ` + at + `, 12, 'ok' FROM n, (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3)`,
		`INSERT INTO traffic SELECT {:account}, 60, unixepoch('2026-11-23 12:00:00') / 60 - i % 2940, i % 20 + (i % 20 > 4) * 95, 1000 FROM n WHERE i < 58800 ON CONFLICT DO NOTHING`,
		`INSERT INTO traffic SELECT {:account}, 900, unixepoch('2026-11-23 12:00:00') / 900 - i % 196, i % 20 + (i % 20 > 4) * 95, 15000 FROM n WHERE i < 3920 ON CONFLICT DO NOTHING`,
		`ANALYZE`,
	} {
		if insert != "ANALYZE" {
			insert = numbers + insert
		}
		b.Execute(insert, params)
	}
}
