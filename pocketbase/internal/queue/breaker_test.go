package queue_test

import (
	"fmt"
	"testing"
	"time"

	"pockethook/internal/policy"
	"pockethook/internal/queue"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// fail claims and settles one delivery after the other as failed, due again at once.
func fail(b *Bench, times int) (last queue.SettleResult) {
	b.Helper()
	for range times {
		leased := b.Claim("a", 1).Deliveries
		b.Equal(len(leased), 1)
		last = settleAs(b, leased[0], "retry", queue.NextState{State: "pending", UsedTry: true})
	}
	return last
}

func settleAs(b *Bench, leased queue.LeasedDelivery, outcome string, next queue.NextState) queue.SettleResult {
	b.Helper()
	answer, err := b.Queue.Settle(queue.SettleRequest{Owner: "a", Results: []queue.Settlement{{
		Delivery: leased.ID, LeaseToken: leased.LeaseToken, Attempt: b.Tried(outcome, nil), Next: next,
	}}})
	b.Must(err)
	b.Equal(answer.Results[0].Status, "settled")
	return answer.Results[0]
}

// breakerOf is "state failures cool-down" of a destination; "" while it is well.
func breakerOf(b *Bench, destination string) string {
	b.Helper()
	record, err := b.App.FindRecordById("destination_health", destination)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %d %s", record.GetString("state"), record.GetInt("failures"),
		time.Duration(record.GetInt("cool_down_ms"))*time.Millisecond)
}

// failingDestination is a destination with an open breaker and as many waiting deliveries, at a jitter of nothing.
func failingDestination(b *Bench, waiting int) (destination string, deliveries []string) {
	b.Helper()
	b.Queue.SetRandom(func() float64 { return 0.5 })
	destination = b.Destination(nil)
	for range waiting {
		deliveries = append(deliveries, b.Enqueue(destination)...)
	}
	b.Equal(fail(b, policy.OpenAfter).Change, policy.ChangeOpened)
	return destination, deliveries
}

func TestBreakerOpensAfterFailuresInARow(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	b.Enqueue(d)
	fail(b, policy.OpenAfter-1)
	b.Equal(breakerOf(b, d), "closed 9 0s")
	// One success, and all is forgotten.
	settleAs(b, b.Claim("a", 1).Deliveries[0], "success", queue.NextState{State: "delivered", UsedTry: true})
	b.Equal(breakerOf(b, d), "")
	b.Enqueue(d)
	b.Equal(fail(b, policy.OpenAfter-1).Change, "")
	b.Equal(fail(b, 1).Change, policy.ChangeOpened)
	b.Equal(breakerOf(b, d), "open 10 30s")
	row := b.Get("destination_health", d)
	b.Equal([]string{row.GetString("account"), row.GetString("failing_since")}, []string{b.Account, "2026-11-23 12:00:00.000Z"})
}

func TestBreakerCountsOnlyWhatMayPass(t *testing.T) {
	for outcome, want := range map[string]string{"throttled": "", "expired": "", "loop": "", "permanent": "closed 0 0s", "blocked": "closed 0 0s"} {
		b := NewBench(t)
		d := b.Destination(nil)
		for range policy.OpenAfter + 2 {
			b.Enqueue(d)
			settleAs(b, b.Claim("a", 1).Deliveries[0], outcome, queue.NextState{State: "dead"})
		}
		if got := breakerOf(b, d); got != want {
			t.Errorf("%s: %q", outcome, got)
		}
	}
}

func TestOpenBreakerLetsNothingThrough(t *testing.T) {
	b := NewBench(t)
	d, waiting := failingDestination(b, 3)
	healthy := b.Destination(nil)
	tries := b.Get("deliveries", waiting[1]).GetInt("tries_used")
	answer := b.Claim("a", 10)
	b.Equal(Claimed(answer), None)
	b.Equal(answer.NextDueInMs, 30_001)
	// Nor does what is accepted now go past it; others are not concerned.
	result := b.Accept(Item(b.Event(nil), b.Planned(d, Object{"lease": true}), b.Planned(healthy, Object{"lease": true})))[0]
	b.Equal(len(result.Leased), 1)
	b.Time = b.Time.Add(29_999 * time.Millisecond)
	b.Equal(Claimed(b.Claim("b", 10)), None)
	b.Equal(b.Get("deliveries", waiting[1]).GetInt("tries_used"), tries)
}

func TestExactlyOneProbe(t *testing.T) {
	b := NewBench(t)
	d, _ := failingDestination(b, 5)
	b.Time = b.Time.Add(policy.CoolDownFirst)
	probe := b.Claim("a", 10).Deliveries
	b.Equal(len(probe), 1)
	b.Equal(breakerOf(b, d), "half_open 10 30s")
	for _, owner := range []string{"a", "b", "c"} {
		b.Equal(Claimed(b.Claim(owner, 10)), None)
	}
	b.Equal(len(b.Accept(Item(b.Event(nil), b.Planned(d, Object{"lease": true})))[0].Leased), 0)

	b.Equal(settleAs(b, probe[0], "success", queue.NextState{State: "delivered", UsedTry: true}).Change, policy.ChangeClosed)
	b.Equal(breakerOf(b, d), "")
	b.Equal(len(b.Claim("b", 10).Deliveries), 5)
}

func TestProbeThatFailsDoublesTheWait(t *testing.T) {
	b := NewBench(t)
	d, _ := failingDestination(b, 1)
	retry := queue.NextState{State: "pending", UsedTry: true}
	wait := policy.CoolDownFirst
	for _, want := range []string{"1m0s", "2m0s", "4m0s", "8m0s", "16m0s", "32m0s", "1h0m0s", "1h0m0s"} {
		b.Time = b.Time.Add(wait - time.Millisecond)
		b.Equal(Claimed(b.Claim("a", 1)), None)
		b.Time = b.Time.Add(time.Millisecond)
		b.Equal(settleAs(b, b.Claim("a", 1).Deliveries[0], "retry", retry).Change, "")
		wait = time.Duration(b.Get("destination_health", d).GetInt("cool_down_ms")) * time.Millisecond
		b.Equal(wait.String(), want)
	}
	// One that answers "not now" neither closes it nor makes it wait longer.
	b.Time = b.Time.Add(wait)
	settleAs(b, b.Claim("a", 1).Deliveries[0], "throttled", queue.NextState{State: "pending"})
	b.Equal(b.Get("destination_health", d).GetString("state")+" "+wait.String(), "open 1h0m0s")
}

func TestProbeThatIsLostIsMadeAgain(t *testing.T) {
	b := NewBench(t)
	d, _ := failingDestination(b, 2)
	b.Time = b.Time.Add(policy.CoolDownFirst)
	lost := b.Claim("a", 10).Deliveries[0]
	b.Time = b.Time.Add(LeaseMs * time.Millisecond)
	again := b.Claim("b", 10).Deliveries
	b.Equal(len(again), 1)
	// The result of the lost one changes nothing.
	b.Settle("a", queue.Settlement{Delivery: lost.ID, LeaseToken: lost.LeaseToken, Attempt: b.Tried("retry", nil), Next: queue.NextState{State: "pending"}})
	b.Equal(breakerOf(b, d), "half_open 10 30s")
	// Given back at a shutdown.
	b.Settle("b", queue.Settlement{Delivery: again[0].ID, LeaseToken: again[0].LeaseToken, Next: queue.NextState{State: "pending"}})
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
}

func TestRetryByHandIsTheNextProbe(t *testing.T) {
	b := NewBench(t)
	d, waiting := failingDestination(b, 3)
	retry := func(delivery string) {
		answer, err := b.Queue.Command(queue.CommandRequest{Delivery: delivery, Command: "retry", Actor: "operator:o@example.com"})
		b.Must(err)
		b.Equal(answer.Status, "done")
	}
	retry(waiting[2])
	probe := b.Claim("a", 10).Deliveries
	b.Equal(Claimed(b.Claim("b", 10)), None)
	b.Equal(probe[0].ID, waiting[2])
	b.Equal(len(probe), 1)
	// Another one while it is under way does not open a second way.
	retry(waiting[1])
	b.Equal(Claimed(b.Claim("b", 10)), None)
	settleAs(b, probe[0], "retry", queue.NextState{State: "pending", RetryInMs: 5000})
	b.Equal(Claimed(b.Claim("b", 10)), None)
	b.Equal(breakerOf(b, d), "open 11 1m0s")
}

func TestOrderHoldsForProbes(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"ordered": true})
	ids := b.Enqueue(d, d)
	fail(b, policy.OpenAfter)
	_, err := b.Queue.Command(queue.CommandRequest{Delivery: ids[1], Command: "retry", Actor: "operator:o@example.com"})
	b.Must(err)
	b.Equal(Claimed(b.Claim("a", 10)), ids[:1])
}

func TestEditByHandProbesSoon(t *testing.T) {
	b := NewBench(t)
	d, _ := failingDestination(b, 2)
	b.Update("destinations", d, Object{"url": "https://93.184.215.14/right"})
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
	b.Update("destinations", d, Object{"enabled": false})
	b.Update("destinations", d, Object{"enabled": true})
	b.Equal(breakerOf(b, d), "")
	b.Must(b.App.Delete(b.Get("destinations", d)))
	b.Equal(b.Count("SELECT count(*) FROM destination_health"), 0)
}

func TestFailingForFiveDaysDisables(t *testing.T) {
	b := NewBench(t)
	d, waiting := failingDestination(b, 2)
	version := b.Count(store.SelectConfigVersion)
	b.Time = b.Time.Add(policy.FailingAtMost - time.Minute)
	b.Equal(fail(b, 1).Change, "")
	b.Time = b.Time.Add(time.Hour)
	b.Equal(fail(b, 1).Change, policy.ChangeDisabled)
	destination := b.Get("destinations", d)
	b.Equal([]any{destination.GetBool("enabled"), destination.GetString("disabled_reason")},
		[]any{false, "Every attempt since 2026-11-23 12:00 failed, for 5 days. Correct what is wrong, then enable it again."})
	b.Equal([]string{b.State(waiting[0]), b.State(waiting[1])}, []string{"held", "held"})
	b.Equal(b.Count(store.SelectConfigVersion), version+1)
	audit, err := b.App.FindFirstRecordByData("audit", "subject", d)
	b.Must(err)
	b.Equal([]string{audit.GetString("actor"), audit.GetString("action"), audit.GetString("account")},
		[]string{"pockethook", "destination.disable", b.Account})
	stats, err := b.Queue.Stats()
	b.Must(err)
	b.Equal(stats.Destinations.Disabled, 1)
	// Enabled again, it has five new days.
	b.Update("destinations", d, Object{"enabled": true})
	b.Equal(fail(b, 1).Change, "")
}

func TestPauseIsNoFailure(t *testing.T) {
	resumes := map[string]func(b *Bench, d string){
		"command": func(b *Bench, d string) {
			OrderDestination(b, d, "pause", 0)
			passTime(b, 2*policy.FailingAtMost)
			OrderDestination(b, d, "resume", 0)
		},
		"dashboard": func(b *Bench, d string) {
			b.Update("destinations", d, Object{"paused": true})
			passTime(b, 2*policy.FailingAtMost)
			b.Update("destinations", d, Object{"paused": false})
		},
	}
	for name, resume := range resumes {
		t.Run(name, func(t *testing.T) {
			b := NewBench(t)
			d, _ := failingDestination(b, 1)
			b.Accept(Item(b.Event(nil), b.Planned(d, Object{"expires_in_ms": 100 * DayMs})))
			resume(b, d)
			b.Equal(fail(b, 1).Change, "")
			passTime(b, policy.FailingAtMost)
			b.Equal(fail(b, 1).Change, policy.ChangeDisabled)
		})
	}
}

func passTime(b *Bench, time time.Duration) { b.Time = b.Time.Add(time) }

func TestSuccessWithinFiveDaysKeepsItEnabled(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	for range 4 {
		b.Enqueue(d)
		fail(b, 1)
		b.Time = b.Time.Add(3 * 24 * time.Hour)
		settleAs(b, b.Claim("a", 1).Deliveries[0], "success", queue.NextState{State: "delivered"})
	}
	b.Equal(b.Get("destinations", d).GetBool("enabled"), true)
}
