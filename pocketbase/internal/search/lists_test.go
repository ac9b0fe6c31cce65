package search_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/overview"
	"pockethook/internal/search"
	. "pockethook/internal/testkit"
)

// BenchmarkLists measures what the console asks, on a history of EVENTS (1,000,000 unless set) with three attempts each, put
// straight into the tables; in the folder DATA, if set, which is used again. It reports the 95th percentile of each question in
// milliseconds; docs/benchmarks.md has them.
func BenchmarkLists(tb *testing.B) {
	b := history1M(tb)
	searching, seen := search.New(b.Store), overview.New(b.Store)
	events := func(f search.Filter) func() {
		return func() {
			f.Account, f.Limit = b.Account, 50
			_, err := searching.Events(f)
			b.Must(err)
		}
	}
	deliveries := func(f search.Filter) func() {
		return func() {
			f.Account, f.Limit = b.Account, 50
			_, err := searching.Deliveries(f)
			b.Must(err)
		}
	}
	quick := func(query string) func() {
		return func() {
			_, err := searching.Quick(search.QuickRequest{Query: query, Account: b.Account})
			b.Must(err)
		}
	}
	newest := int64(b.Count("SELECT value FROM meta WHERE key = 'seq'"))
	const source, rare, destination, other = "src000000000003", "src000000rare00", "dst000000000003", "dst000000000004"
	const quiet, hour, later = "2026-11-23 11:59:00.000Z", "2026-11-22 00:00:00.000Z", "2026-11-22 01:00:00.000Z"
	for _, one := range []struct {
		name string
		ask  func()
	}{
		{"events", events(search.Filter{})},
		{"events-deep", events(search.Filter{Before: newest / 2})},
		{"events-of-source", events(search.Filter{Source: source})},
		{"events-of-rare-source", events(search.Filter{Source: rare})},
		{"events-of-type", events(search.Filter{Type: "order.3"})},
		{"events-of-no-type", events(search.Filter{Type: "none"})},
		{"events-of-source-and-type", events(search.Filter{Source: source, Type: "order.3"})},
		{"events-of-hour", events(search.Filter{From: hour, To: later})},
		{"events-of-source-and-hour", events(search.Filter{Source: source, From: hour, To: later})},
		{"events-since-a-minute-without", events(search.Filter{Source: source, From: quiet})},
		{"events-of-correlation", events(search.Filter{CorrelationID: "corr-77777"})},
		{"events-dead", events(search.Filter{State: "dead"})},
		{"events-held-none", events(search.Filter{State: "held"})},
		{"events-of-destination", events(search.Filter{Destination: destination})},
		{"events-dead-of-source", events(search.Filter{State: "dead", Source: "src000000000000"})},
		{"deliveries", deliveries(search.Filter{})},
		{"deliveries-dead", deliveries(search.Filter{State: "dead"})},
		{"deliveries-delivered", deliveries(search.Filter{State: "delivered"})},
		{"deliveries-delivering-none", deliveries(search.Filter{State: "delivering"})},
		{"events-delivered", events(search.Filter{State: "delivered"})},
		{"deliveries-pending", deliveries(search.Filter{State: "pending"})},
		{"deliveries-held-none", deliveries(search.Filter{State: "held"})},
		{"deliveries-of-destination", deliveries(search.Filter{Destination: destination})},
		{"deliveries-dead-of-destination", deliveries(search.Filter{Destination: "dst000000000000", State: "dead"})},
		{"deliveries-dead-of-other-none", deliveries(search.Filter{Destination: other, State: "dead"})},
		{"deliveries-of-hour", deliveries(search.Filter{From: hour, To: later})},
		{"deliveries-of-source", deliveries(search.Filter{Source: source})},
		{"deliveries-of-rare-source", deliveries(search.Filter{Source: rare})},
		{"deliveries-dead-of-type", deliveries(search.Filter{Type: "order.3", State: "dead"})},
		{"deliveries-of-correlation", deliveries(search.Filter{CorrelationID: "corr-77777"})},
		{"deliveries-of-words", deliveries(search.Filter{Query: "common"})},
		{"deliveries-of-rare-words", deliveries(search.Filter{Query: "word77777"})},
		{"deliveries-of-source-elsewhere", deliveries(search.Filter{Source: source, Destination: other})},
		{"words-common", events(search.Filter{Query: "common"})},
		{"words-rare", events(search.Filter{Query: "word77777"})},
		{"words-prefix", events(search.Filter{Query: "word777*"})},
		{"words-short-prefix", events(search.Filter{Query: "wor*"})},
		{"words-two", events(search.Filter{Query: "common word77777"})},
		{"search", quick("word77777")},
		{"search-id", quick("evt00000007")},
		{"overview-hour", func() { read(b, seen, "hour") }},
		{"overview-day", func() { read(b, seen, "day") }},
	} {
		times := []time.Duration{}
		for range 40 {
			began := time.Now()
			one.ask()
			times = append(times, time.Since(began))
		}
		slices.Sort(times)
		fmt.Printf("%-32s p50 %8.2f ms  p95 %8.2f ms\n", one.name, float64(times[20].Microseconds())/1000, float64(times[37].Microseconds())/1000)
	}
	for tb.Loop() {
	}
}

// history1M is a bench on a seeded history.
func history1M(tb *testing.B) *Bench {
	dir := os.Getenv("DATA")
	if dir == "" {
		dir = filepath.Join(tb.TempDir(), "data")
	}
	if _, err := os.Stat(dir); err != nil {
		CopyTemplateTo(tb, dir)
	}
	b := NewBenchIn(tb, dir, TestEnvironment())
	b.Must(b.App.RunAllMigrations())
	count, err := strconv.Atoi(os.Getenv("EVENTS"))
	if err != nil {
		count = 1_000_000
	}
	if b.Count("SELECT count(*) FROM (SELECT 1 FROM events LIMIT 1)") == 0 {
		began := time.Now()
		seed(b, count)
		tb.Logf("%d events seeded in %s", count, time.Since(began))
	}
	return b
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
		`INSERT INTO events_text (rowid, account, words) SELECT 2 * i + 1, {:account}, printf('evt%012d order %d corr %d key%d word%d common name%d %d', i, i % 7, i, i, i, i % 5000, i % 1000) FROM n`,
		`INSERT INTO traffic SELECT {:account}, 60, unixepoch('2026-11-23 12:00:00') / 60 - i % 2940, i % 20 + (i % 20 > 4) * 95, 1000 FROM n WHERE i < 58800 ON CONFLICT DO NOTHING`,
		`INSERT INTO traffic SELECT {:account}, 900, unixepoch('2026-11-23 12:00:00') / 900 - i % 196, i % 20 + (i % 20 > 4) * 95, 15000 FROM n WHERE i < 3920 ON CONFLICT DO NOTHING`,
		`UPDATE meta SET value = iif(key = 'traffic_attempts', 3, 2) * {:count} + 2 WHERE key IN ('seq', 'traffic_events', 'traffic_attempts')`,
		`ANALYZE`,
	} {
		if strings.HasPrefix(insert, "INSERT") {
			insert = numbers + insert
		}
		b.Execute(insert, params)
	}
}
