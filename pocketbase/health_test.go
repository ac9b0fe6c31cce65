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
		leased := b.claim("a", 1).Deliveries
		b.equal(len(leased), 1)
		last = settleAs(b, leased[0], "retry", nextState{State: "pending", UsedTry: true})
	}
	return last
}

func settleAs(b *bench, leased leasedDelivery, outcome string, next nextState) settleResult {
	b.Helper()
	answer, err := b.queue.settle(settleRequest{Owner: "a", Results: []settlement{{
		Delivery: leased.ID, LeaseToken: leased.LeaseToken, Attempt: b.tried(outcome, nil), Next: next,
	}}})
	b.must(err)
	b.equal(answer.Results[0].Status, "settled")
	return answer.Results[0]
}

// breakerOf is "state failures cool-down" of a destination; "" while it is well.
func breakerOf(b *bench, destination string) string {
	b.Helper()
	record, err := b.app.FindRecordById("destination_health", destination)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %d %s", record.GetString("state"), record.GetInt("failures"),
		time.Duration(record.GetInt("cool_down_ms"))*time.Millisecond)
}

// failingDestination is a destination with an open breaker and as many waiting deliveries, at a jitter of nothing.
func failingDestination(b *bench, waiting int) (destination string, deliveries []string) {
	b.Helper()
	b.queue.setRandom(func() float64 { return 0.5 })
	destination = b.destination(nil)
	for range waiting {
		deliveries = append(deliveries, b.enqueue(destination)...)
	}
	b.equal(fail(b, openAfter).Change, changeOpened)
	return destination, deliveries
}

func TestBreakerOpensAfterFailuresInARow(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	b.enqueue(d)
	fail(b, openAfter-1)
	b.equal(breakerOf(b, d), "closed 9 0s")
	// One success, and all is forgotten.
	settleAs(b, b.claim("a", 1).Deliveries[0], "success", nextState{State: "delivered", UsedTry: true})
	b.equal(breakerOf(b, d), "")
	b.enqueue(d)
	b.equal(fail(b, openAfter-1).Change, "")
	b.equal(fail(b, 1).Change, changeOpened)
	b.equal(breakerOf(b, d), "open 10 30s")
	row := b.get("destination_health", d)
	b.equal([]string{row.GetString("account"), row.GetString("failing_since")}, []string{b.account, "2026-11-23 12:00:00.000Z"})
}

func TestBreakerCountsOnlyWhatMayPass(t *testing.T) {
	for outcome, want := range map[string]string{"throttled": "", "expired": "", "loop": "", "permanent": "closed 0 0s", "blocked": "closed 0 0s"} {
		b := newBench(t)
		d := b.destination(nil)
		for range openAfter + 2 {
			b.enqueue(d)
			settleAs(b, b.claim("a", 1).Deliveries[0], outcome, nextState{State: "dead"})
		}
		if got := breakerOf(b, d); got != want {
			t.Errorf("%s: %q", outcome, got)
		}
	}
}

func TestOpenBreakerLetsNothingThrough(t *testing.T) {
	b := newBench(t)
	d, waiting := failingDestination(b, 3)
	healthy := b.destination(nil)
	tries := b.get("deliveries", waiting[1]).GetInt("tries_used")
	answer := b.claim("a", 10)
	b.equal(claimed(answer), none)
	b.equal(answer.NextDueInMs, 30_001)
	// Nor does what is accepted now go past it; others are not concerned.
	result := b.accept(item(b.event(nil), b.planned(d, object{"lease": true}), b.planned(healthy, object{"lease": true})))[0]
	b.equal(len(result.Leased), 1)
	b.time = b.time.Add(29_999 * time.Millisecond)
	b.equal(claimed(b.claim("b", 10)), none)
	b.equal(b.get("deliveries", waiting[1]).GetInt("tries_used"), tries)
}

func TestExactlyOneProbe(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 5)
	b.time = b.time.Add(coolDownFirst)
	probe := b.claim("a", 10).Deliveries
	b.equal(len(probe), 1)
	b.equal(breakerOf(b, d), "half_open 10 30s")
	for _, owner := range []string{"a", "b", "c"} {
		b.equal(claimed(b.claim(owner, 10)), none)
	}
	b.equal(len(b.accept(item(b.event(nil), b.planned(d, object{"lease": true})))[0].Leased), 0)

	b.equal(settleAs(b, probe[0], "success", nextState{State: "delivered", UsedTry: true}).Change, changeClosed)
	b.equal(breakerOf(b, d), "")
	b.equal(len(b.claim("b", 10).Deliveries), 5)
}

func TestProbeThatFailsDoublesTheWait(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 1)
	retry := nextState{State: "pending", UsedTry: true}
	wait := coolDownFirst
	for _, want := range []string{"1m0s", "2m0s", "4m0s", "8m0s", "16m0s", "32m0s", "1h0m0s", "1h0m0s"} {
		b.time = b.time.Add(wait - time.Millisecond)
		b.equal(claimed(b.claim("a", 1)), none)
		b.time = b.time.Add(time.Millisecond)
		b.equal(settleAs(b, b.claim("a", 1).Deliveries[0], "retry", retry).Change, "")
		wait = time.Duration(b.get("destination_health", d).GetInt("cool_down_ms")) * time.Millisecond
		b.equal(wait.String(), want)
	}
	// One that answers "not now" neither closes it nor makes it wait longer.
	b.time = b.time.Add(wait)
	settleAs(b, b.claim("a", 1).Deliveries[0], "throttled", nextState{State: "pending"})
	b.equal(b.get("destination_health", d).GetString("state")+" "+wait.String(), "open 1h0m0s")
}

func TestProbeThatIsLostIsMadeAgain(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 2)
	b.time = b.time.Add(coolDownFirst)
	lost := b.claim("a", 10).Deliveries[0]
	b.time = b.time.Add(leaseMs * time.Millisecond)
	again := b.claim("b", 10).Deliveries
	b.equal(len(again), 1)
	// The result of the lost one changes nothing.
	b.settle("a", settlement{Delivery: lost.ID, LeaseToken: lost.LeaseToken, Attempt: b.tried("retry", nil), Next: nextState{State: "pending"}})
	b.equal(breakerOf(b, d), "half_open 10 30s")
	// Given back at a shutdown.
	b.settle("b", settlement{Delivery: again[0].ID, LeaseToken: again[0].LeaseToken, Next: nextState{State: "pending"}})
	b.equal(len(b.claim("a", 10).Deliveries), 1)
}

func TestRetryByHandIsTheNextProbe(t *testing.T) {
	b := newBench(t)
	d, waiting := failingDestination(b, 3)
	retry := func(delivery string) {
		answer, err := b.queue.command(commandRequest{Delivery: delivery, Command: "retry", Actor: "operator:o@example.com"})
		b.must(err)
		b.equal(answer.Status, "done")
	}
	retry(waiting[2])
	probe := b.claim("a", 10).Deliveries
	b.equal(claimed(b.claim("b", 10)), none)
	b.equal(probe[0].ID, waiting[2])
	b.equal(len(probe), 1)
	// Another one while it is under way does not open a second way.
	retry(waiting[1])
	b.equal(claimed(b.claim("b", 10)), none)
	settleAs(b, probe[0], "retry", nextState{State: "pending", RetryInMs: 5000})
	b.equal(claimed(b.claim("b", 10)), none)
	b.equal(breakerOf(b, d), "open 11 1m0s")
}

func TestOrderHoldsForProbes(t *testing.T) {
	b := newBench(t)
	d := b.destination(object{"ordered": true})
	ids := b.enqueue(d, d)
	fail(b, openAfter)
	_, err := b.queue.command(commandRequest{Delivery: ids[1], Command: "retry", Actor: "operator:o@example.com"})
	b.must(err)
	b.equal(claimed(b.claim("a", 10)), ids[:1])
}

func TestEditByHandProbesSoon(t *testing.T) {
	b := newBench(t)
	d, _ := failingDestination(b, 2)
	b.update("destinations", d, object{"url": "https://93.184.215.14/right"})
	b.equal(len(b.claim("a", 10).Deliveries), 1)
	b.update("destinations", d, object{"enabled": false})
	b.update("destinations", d, object{"enabled": true})
	b.equal(breakerOf(b, d), "")
	b.must(b.app.Delete(b.get("destinations", d)))
	b.equal(b.count("SELECT count(*) FROM destination_health"), 0)
}

func TestFailingForFiveDaysDisables(t *testing.T) {
	b := newBench(t)
	d, waiting := failingDestination(b, 2)
	version := b.count(selectConfigVersion)
	b.time = b.time.Add(failingAtMost - time.Minute)
	b.equal(fail(b, 1).Change, "")
	b.time = b.time.Add(time.Hour)
	b.equal(fail(b, 1).Change, changeDisabled)
	destination := b.get("destinations", d)
	b.equal([]any{destination.GetBool("enabled"), destination.GetString("disabled_reason")},
		[]any{false, "Every attempt since 2026-11-23 12:00 failed, for 5 days. Correct what is wrong, then enable it again."})
	b.equal([]string{b.state(waiting[0]), b.state(waiting[1])}, []string{"held", "held"})
	b.equal(b.count(selectConfigVersion), version+1)
	audit, err := b.app.FindFirstRecordByData("audit", "subject", d)
	b.must(err)
	b.equal([]string{audit.GetString("actor"), audit.GetString("action"), audit.GetString("account")},
		[]string{"pockethook", "destination.disable", b.account})
	stats, err := b.queue.stats()
	b.must(err)
	b.equal(stats.Destinations.Disabled, 1)
	// Enabled again, it has five new days.
	b.update("destinations", d, object{"enabled": true})
	b.equal(fail(b, 1).Change, "")
}

func TestPauseIsNoFailure(t *testing.T) {
	resumes := map[string]func(b *bench, d string){
		"command": func(b *bench, d string) {
			orderDestination(b, d, "pause", 0)
			passTime(b, 2*failingAtMost)
			orderDestination(b, d, "resume", 0)
		},
		"dashboard": func(b *bench, d string) {
			b.update("destinations", d, object{"paused": true})
			passTime(b, 2*failingAtMost)
			b.update("destinations", d, object{"paused": false})
		},
	}
	for name, resume := range resumes {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			d, _ := failingDestination(b, 1)
			b.accept(item(b.event(nil), b.planned(d, object{"expires_in_ms": 100 * dayMs})))
			resume(b, d)
			b.equal(fail(b, 1).Change, "")
			passTime(b, failingAtMost)
			b.equal(fail(b, 1).Change, changeDisabled)
		})
	}
}

func passTime(b *bench, time time.Duration) { b.time = b.time.Add(time) }

func TestSuccessWithinFiveDaysKeepsItEnabled(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	for range 4 {
		b.enqueue(d)
		fail(b, 1)
		b.time = b.time.Add(3 * 24 * time.Hour)
		settleAs(b, b.claim("a", 1).Deliveries[0], "success", nextState{State: "delivered"})
	}
	b.equal(b.get("destinations", d).GetBool("enabled"), true)
}
