package main

import (
	"fmt"
	"testing"
	"time"
)

// fail claims and settles one delivery after the other as failed, due again at once.
func fail(b *bench, times int) (last settleResult) {
	b.Helper()
	for range times {
		leased := b.Claim("a", 1).Deliveries
		b.Equal(len(leased), 1)
		last = settleAs(b, leased[0], "retry", nextState{State: "pending", UsedTry: true})
	}
	return last
}

func settleAs(b *bench, leased leasedDelivery, outcome string, next nextState) settleResult {
	b.Helper()
	answer, err := b.Queue.Settle(settleRequest{Owner: "a", Results: []settlement{{
		Delivery: leased.ID, LeaseToken: leased.LeaseToken, Attempt: b.Tried(outcome, nil), Next: next,
	}}})
	b.Must(err)
	b.Equal(answer.Results[0].Status, "settled")
	return answer.Results[0]
}

// breakerOf is "state failures cool-down" of a destination; "" while it is well.
func breakerOf(b *bench, destination string) string {
	b.Helper()
	record, err := b.App.FindRecordById("destination_health", destination)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %d %s", record.GetString("state"), record.GetInt("failures"),
		time.Duration(record.GetInt("cool_down_ms"))*time.Millisecond)
}

// failingDestination is a destination with an open breaker and as many waiting deliveries, at a jitter of nothing.
func failingDestination(b *bench, waiting int) (destination string, deliveries []string) {
	b.Helper()
	b.Queue.SetRandom(func() float64 { return 0.5 })
	destination = b.Destination(nil)
	for range waiting {
		deliveries = append(deliveries, b.Enqueue(destination)...)
	}
	b.Equal(fail(b, openAfter).Change, changeOpened)
	return destination, deliveries
}

func TestBreakerOpensAfterFailuresInARow(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	b.Enqueue(d)
	fail(b, openAfter-1)
	b.Equal(breakerOf(b, d), "closed 9 0s")
	// One success, and all is forgotten.
	settleAs(b, b.Claim("a", 1).Deliveries[0], "success", nextState{State: "delivered", UsedTry: true})
	b.Equal(breakerOf(b, d), "")
	b.Enqueue(d)
	b.Equal(fail(b, openAfter-1).Change, "")
	b.Equal(fail(b, 1).Change, changeOpened)
	b.Equal(breakerOf(b, d), "open 10 30s")
	row := b.Get("destination_health", d)
	b.Equal([]string{row.GetString("account"), row.GetString("failing_since")}, []string{b.Account, "2026-11-23 12:00:00.000Z"})
}

func TestBreakerCountsOnlyWhatMayPass(t *testing.T) {
	for outcome, want := range map[string]string{"throttled": "", "expired": "", "loop": "", "permanent": "closed 0 0s", "blocked": "closed 0 0s"} {
		b := newBench(t)
		d := b.Destination(nil)
		for range openAfter + 2 {
			b.Enqueue(d)
			settleAs(b, b.Claim("a", 1).Deliveries[0], outcome, nextState{State: "dead"})
		}
		if got := breakerOf(b, d); got != want {
			t.Errorf("%s: %q", outcome, got)
		}
	}
}

func TestOpenBreakerLetsNothingThrough(t *testing.T) {
	b := newBench(t)
	d, waiting := failingDestination(b, 3)
	healthy := b.Destination(nil)
	tries := b.Get("deliveries", waiting[1]).GetInt("tries_used")
	answer := b.Claim("a", 10)
	b.Equal(claimed(answer), none)
	b.Equal(answer.NextDueInMs, 30_001)
	// Nor does what is accepted now go past it; others are not concerned.
	result := b.Accept(item(b.Event(nil), b.Planned(d, object{"lease": true}), b.Planned(healthy, object{"lease": true})))[0]
	b.Equal(len(result.Leased), 1)
	b.Time = b.Time.Add(29_999 * time.Millisecond)
	b.Equal(claimed(b.Claim("b", 10)), none)
	b.Equal(b.Get("deliveries", waiting[1]).GetInt("tries_used"), tries)
}

func TestExactlyOneProbe(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 5)
	b.Time = b.Time.Add(coolDownFirst)
	probe := b.Claim("a", 10).Deliveries
	b.Equal(len(probe), 1)
	b.Equal(breakerOf(b, d), "half_open 10 30s")
	for _, owner := range []string{"a", "b", "c"} {
		b.Equal(claimed(b.Claim(owner, 10)), none)
	}
	b.Equal(len(b.Accept(item(b.Event(nil), b.Planned(d, object{"lease": true})))[0].Leased), 0)

	b.Equal(settleAs(b, probe[0], "success", nextState{State: "delivered", UsedTry: true}).Change, changeClosed)
	b.Equal(breakerOf(b, d), "")
	b.Equal(len(b.Claim("b", 10).Deliveries), 5)
}

func TestProbeThatFailsDoublesTheWait(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 1)
	retry := nextState{State: "pending", UsedTry: true}
	wait := coolDownFirst
	for _, want := range []string{"1m0s", "2m0s", "4m0s", "8m0s", "16m0s", "32m0s", "1h0m0s", "1h0m0s"} {
		b.Time = b.Time.Add(wait - time.Millisecond)
		b.Equal(claimed(b.Claim("a", 1)), none)
		b.Time = b.Time.Add(time.Millisecond)
		b.Equal(settleAs(b, b.Claim("a", 1).Deliveries[0], "retry", retry).Change, "")
		wait = time.Duration(b.Get("destination_health", d).GetInt("cool_down_ms")) * time.Millisecond
		b.Equal(wait.String(), want)
	}
	// One that answers "not now" neither closes it nor makes it wait longer.
	b.Time = b.Time.Add(wait)
	settleAs(b, b.Claim("a", 1).Deliveries[0], "throttled", nextState{State: "pending"})
	b.Equal(b.Get("destination_health", d).GetString("state")+" "+wait.String(), "open 1h0m0s")
}

func TestProbeThatIsLostIsMadeAgain(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 2)
	b.Time = b.Time.Add(coolDownFirst)
	lost := b.Claim("a", 10).Deliveries[0]
	b.Time = b.Time.Add(leaseMs * time.Millisecond)
	again := b.Claim("b", 10).Deliveries
	b.Equal(len(again), 1)
	// The result of the lost one changes nothing.
	b.Settle("a", settlement{Delivery: lost.ID, LeaseToken: lost.LeaseToken, Attempt: b.Tried("retry", nil), Next: nextState{State: "pending"}})
	b.Equal(breakerOf(b, d), "half_open 10 30s")
	// Given back at a shutdown.
	b.Settle("b", settlement{Delivery: again[0].ID, LeaseToken: again[0].LeaseToken, Next: nextState{State: "pending"}})
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
}

func TestRetryByHandIsTheNextProbe(t *testing.T) {
	b := newBench(t)
	d, waiting := failingDestination(b, 3)
	retry := func(delivery string) {
		answer, err := b.Queue.Command(commandRequest{Delivery: delivery, Command: "retry", Actor: "operator:o@example.com"})
		b.Must(err)
		b.Equal(answer.Status, "done")
	}
	retry(waiting[2])
	probe := b.Claim("a", 10).Deliveries
	b.Equal(claimed(b.Claim("b", 10)), none)
	b.Equal(probe[0].ID, waiting[2])
	b.Equal(len(probe), 1)
	// Another one while it is under way does not open a second way.
	retry(waiting[1])
	b.Equal(claimed(b.Claim("b", 10)), none)
	settleAs(b, probe[0], "retry", nextState{State: "pending", RetryInMs: 5000})
	b.Equal(claimed(b.Claim("b", 10)), none)
	b.Equal(breakerOf(b, d), "open 11 1m0s")
}

func TestOrderHoldsForProbes(t *testing.T) {
	b := newBench(t)
	d := b.Destination(object{"ordered": true})
	ids := b.Enqueue(d, d)
	fail(b, openAfter)
	_, err := b.Queue.Command(commandRequest{Delivery: ids[1], Command: "retry", Actor: "operator:o@example.com"})
	b.Must(err)
	b.Equal(claimed(b.Claim("a", 10)), ids[:1])
}

func TestEditByHandProbesSoon(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 2)
	b.Update("destinations", d, object{"url": "https://93.184.215.14/right"})
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
	b.Update("destinations", d, object{"enabled": false})
	b.Update("destinations", d, object{"enabled": true})
	b.Equal(breakerOf(b, d), "")
	b.Must(b.App.Delete(b.Get("destinations", d)))
	b.Equal(b.Count("SELECT count(*) FROM destination_health"), 0)
}

func TestFailingForFiveDaysDisables(t *testing.T) {
	b := newBench(t)
	d, waiting := failingDestination(b, 2)
	version := b.Count(selectConfigVersion)
	b.Time = b.Time.Add(failingAtMost - time.Minute)
	b.Equal(fail(b, 1).Change, "")
	b.Time = b.Time.Add(time.Hour)
	b.Equal(fail(b, 1).Change, changeDisabled)
	destination := b.Get("destinations", d)
	b.Equal([]any{destination.GetBool("enabled"), destination.GetString("disabled_reason")},
		[]any{false, "Every attempt since 2026-11-23 12:00 failed, for 5 days. Correct what is wrong, then enable it again."})
	b.Equal([]string{b.State(waiting[0]), b.State(waiting[1])}, []string{"held", "held"})
	b.Equal(b.Count(selectConfigVersion), version+1)
	audit, err := b.App.FindFirstRecordByData("audit", "subject", d)
	b.Must(err)
	b.Equal([]string{audit.GetString("actor"), audit.GetString("action"), audit.GetString("account")},
		[]string{"pockethook", "destination.disable", b.Account})
	stats, err := b.Queue.Stats()
	b.Must(err)
	b.Equal(stats.Destinations.Disabled, 1)
	// Enabled again, it has five new days.
	b.Update("destinations", d, object{"enabled": true})
	b.Equal(fail(b, 1).Change, "")
}

func TestPauseIsNoFailure(t *testing.T) {
	resumes := map[string]func(b *bench, d string){
		"command": func(b *bench, d string) {
			orderDestination(b, d, "pause", 0)
			passTime(b, 2*failingAtMost)
			orderDestination(b, d, "resume", 0)
		},
		"dashboard": func(b *bench, d string) {
			b.Update("destinations", d, object{"paused": true})
			passTime(b, 2*failingAtMost)
			b.Update("destinations", d, object{"paused": false})
		},
	}
	for name, resume := range resumes {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			d, _ := failingDestination(b, 1)
			b.Accept(item(b.Event(nil), b.Planned(d, object{"expires_in_ms": 100 * dayMs})))
			resume(b, d)
			b.Equal(fail(b, 1).Change, "")
			passTime(b, failingAtMost)
			b.Equal(fail(b, 1).Change, changeDisabled)
		})
	}
}

func passTime(b *bench, time time.Duration) { b.Time = b.Time.Add(time) }

func TestSuccessWithinFiveDaysKeepsItEnabled(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	for range 4 {
		b.Enqueue(d)
		fail(b, 1)
		b.Time = b.Time.Add(3 * 24 * time.Hour)
		settleAs(b, b.Claim("a", 1).Deliveries[0], "success", nextState{State: "delivered"})
	}
	b.Equal(b.Get("destinations", d).GetBool("enabled"), true)
}
