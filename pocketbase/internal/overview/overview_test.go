package overview_test

import (
	"testing"
	"time"

	"pockethook/internal/overview"
	"pockethook/internal/queue"
	"pockethook/internal/retention"
	. "pockethook/internal/testkit"
	"pockethook/internal/traffic"
)

func read(b *Bench, account, of string) overview.Answer {
	b.Helper()
	answer, err := overview.New(b.Store).Read(overview.Request{Account: account, Range: of})
	b.Must(err)
	return answer
}

// later lets time pass, in which the counts are rolled up as they are once a second.
func later(b *Bench, by time.Duration) {
	b.Helper()
	b.Must(traffic.Rollup{Store: b.Store}.Roll())
	b.Time = b.Time.Add(by)
}

// settle ends an attempt of a new event's delivery.
func settle(b *Bench, destination, outcome, state string, durationMs float64) {
	b.Helper()
	id := b.Leased(destination)
	tried := b.Tried(outcome, func(a *queue.Attempt) { a.DurationMs = durationMs })
	b.Equal(b.Settle("a", queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: tried, Next: queue.NextState{State: state}}), []string{"settled"})
}

func counts(c traffic.Counts) []int64 {
	return []int64{c.Events, c.Attempts, c.Failed, c.Delivered, c.Dead}
}

func TestCountsWhatCameAndWent(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"max_concurrency": 100})
	settle(b, d, "success", "delivered", 20)
	settle(b, d, "permanent", "dead", 20)
	later(b, 2*time.Minute)
	settle(b, d, "retry", "pending", 20)
	hour := read(b, "", "hour")
	b.Equal(counts(hour.Totals), []int64{3, 3, 2, 1, 1})
	b.Equal([]any{len(hour.Series), hour.BucketS, hour.From, hour.To}, []any{60, 60, "2026-11-23 11:03:00.000Z", "2026-11-23 12:03:00.000Z"})
	b.Equal([]any{counts(hour.Series[57].Counts), counts(hour.Series[59].Counts)}, []any{[]int64{2, 2, 1, 1, 1}, []int64{1, 1, 1, 0, 0}})
	b.Equal(hour.Series[57].At, "2026-11-23 12:00:00.000Z")
	b.Equal(counts(read(b, b.Account, "day").Totals), []int64{3, 3, 2, 1, 1})
	b.Equal(counts(read(b, "account00000002", "day").Totals), []int64{0, 0, 0, 0, 0})
}

func TestComparesWithTheTimeBefore(t *testing.T) {
	b := NewBench(t)
	b.Accept(Item(b.Event(nil)), Item(b.Event(nil)))
	later(b, time.Hour)
	b.Accept(Item(b.Event(nil)))
	answer := read(b, "", "hour")
	b.Equal([]int64{answer.Totals.Events, answer.Previous.Events}, []int64{1, 2})
}

func TestCountsNothingTwice(t *testing.T) {
	b := NewBench(t)
	event := b.Event(Object{"dedupe_key": "k"})
	b.Accept(Item(event))
	b.Accept(Item(event))                                 // sent again, since the answer was lost
	b.Accept(Item(b.Event(Object{"dedupe_key": "k"})))    // a duplicate
	b.Accept(Item(b.Event(Object{"account": "unknown"}))) // fails alone
	b.Equal(read(b, "", "hour").Totals.Events, 1)
}

func TestCountsTheSameBeforeAndAfterARollup(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"max_concurrency": 100})
	settle(b, d, "success", "delivered", 0.5)
	settle(b, d, "permanent", "dead", 99_000)
	before := read(b, b.Account, "hour")
	b.Equal(counts(before.Totals), []int64{2, 2, 1, 1, 1})
	for range 2 {
		later(b, 0)
		b.Equal(read(b, b.Account, "hour"), before)
		b.Equal(read(b, "", "hour").Totals, before.Totals)
	}
	settle(b, d, "success", "delivered", 20)
	b.Equal(counts(read(b, b.Account, "hour").Totals), []int64{3, 3, 1, 2, 1})
}

func TestCountsAttemptsWhoseRowIdsRetentionSetFree(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"max_concurrency": 100})
	for range 3 {
		settle(b, d, "success", "delivered", 20)
	}
	later(b, 40*24*time.Hour)
	_, err := retention.New(b.Store).Retain(retention.Request{Days: 1, BudgetMs: 1000})
	b.Must(err)
	b.Equal(b.Count("SELECT count(*) FROM attempts"), 0)
	settle(b, d, "success", "delivered", 20)
	b.Equal(read(b, "", "hour").Totals.Attempts, 1)
	later(b, 0)
	b.Equal(read(b, "", "hour").Totals.Attempts, 1)
}

func TestAcceptAndSettleCountNothingThemselves(t *testing.T) {
	b := NewBench(t)
	settle(b, b.Destination(nil), "success", "delivered", 20)
	b.Equal(b.Count("SELECT count(*) FROM traffic"), 0)
}

func TestCountsWhatRanOutOfTime(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	b.Accept(Item(b.Event(nil), b.Planned(d, Object{"expires_in_ms": 1000}), b.Planned(d, Object{"expires_in_ms": 1000})))
	b.Time = b.Time.Add(time.Minute)
	b.Equal(b.Claim("a", 10).Expired, 2)
	b.Equal(read(b, b.Account, "hour").Totals.Dead, 2)
}

func TestLatencyIsThatOf95Of100(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"max_concurrency": 1000})
	if read(b, "", "hour").Totals.P95Ms != nil {
		t.Fatal("of no attempt")
	}
	for i := range 100 {
		ms := 7.0
		if i >= 90 {
			ms = 800
		}
		settle(b, d, "success", "delivered", ms)
	}
	if p95 := *read(b, "", "hour").Totals.P95Ms; p95 < 500 || p95 > 1000 {
		t.Error(p95)
	}
}

func TestShowsWhatWaits(t *testing.T) {
	b := NewBench(t)
	d, paused := b.Destination(nil), b.Destination(Object{"paused": true})
	b.Enqueue(d, d, paused)
	b.Leased(d)
	for _, account := range []string{"", b.Account} {
		b.Equal(read(b, account, "hour").Backlog, overview.Backlog{Pending: 2, Delivering: 1, Held: 1, OldestDueAt: "2026-11-23 12:00:00.000Z"})
	}
	b.Equal(read(b, "account00000002", "hour").Backlog, overview.Backlog{})
}

func TestNamesDestinationsThatFailAndSitesThatAreSilent(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	b.Destination(nil)
	settle(b, d, "retry", "pending", 5)
	failing := read(b, b.Account, "hour").Failing
	b.Equal(len(failing), 1)
	b.Equal([]any{failing[0].ID, failing[0].Breaker, failing[0].Failures, failing[0].Waiting}, []any{d, "closed", 1, 1})

	never := b.Save("sites", Object{"name": "never", "domain": "never.example.com", "timezone": "UTC", "enabled": true}).Id
	heard := b.Save("sites", Object{"name": "heard", "domain": "heard.example.com", "timezone": "UTC", "enabled": true}).Id
	hit := func(ago time.Duration) {
		b.Execute("INSERT OR REPLACE INTO site_hits VALUES ({:site}, 0, {:at})", Object{"site": heard, "at": b.Time.Add(-ago).UnixMilli()})
	}
	hit(time.Minute)
	b.Equal([]any{len(read(b, "", "hour").Silent), read(b, "", "hour").Silent[0].ID}, []any{1, never})
	hit(2 * time.Hour)
	b.Equal(read(b, "", "hour").Silent[0].ID, heard)

	// Of one that Plausible counts no hit is waited for; what counts is whether it can be read.
	elsewhere := b.Save("sites", Object{"domain": "elsewhere.example.com", "counted_by": "plausible", "statistics_key": "a-key", "enabled": true}).Id
	b.Equal(len(read(b, "", "hour").Silent), 2)
	b.Execute("INSERT INTO statistics_health (site, read_at, problem) VALUES ({:site}, 0, {:problem})",
		Object{"site": elsewhere, "problem": `{"code": "key_refused", "message": "the key is refused"}`})
	silent := read(b, "", "hour").Silent
	problems := map[string]*string{}
	for _, site := range silent {
		problems[site.ID] = site.Problem
	}
	b.Equal(len(problems), 3)
	b.Equal(*problems[elsewhere], "the key is refused")
	b.Equal([]any{problems[never] == nil, problems[heard] == nil}, []any{true, true})
	b.Equal(len(read(b, "account00000002", "hour").Silent)+len(read(b, "account00000002", "hour").Failing), 0)
}

func TestForgetsOldCounts(t *testing.T) {
	b := NewBench(t)
	for range 5 {
		b.Accept(Item(b.Event(nil)))
		later(b, 20*time.Hour)
	}
	b.Must(traffic.Rollup{Store: b.Store}.Roll())
	b.Must(traffic.Purge(b.Store))
	b.Equal(b.Count("SELECT count(*) FROM traffic"), 2*2*2)
	b.Equal(read(b, "", "day").Previous.Events+read(b, "", "day").Totals.Events, 2)
}

func TestReadsNoHistory(t *testing.T) {
	b := NewBench(t)
	for _, query := range overview.Queries() {
		if steps := b.Growing(query); len(steps) > 0 {
			t.Errorf("%s\n%v", query, steps)
		}
	}
}
