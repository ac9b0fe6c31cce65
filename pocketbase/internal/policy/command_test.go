package policy_test

import (
	"testing"
	"time"

	"pockethook/internal/policy"
	"pockethook/internal/queue"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func TestPauseHoldsAndResumeReleasesInOrder(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	under, first := b.Leased(d), b.Enqueue(d)[0]
	version := b.Count(store.SelectConfigVersion)
	b.Equal(OrderDestination(b, d, "pause", 0), Object{"config_version": version + 1, "status": "done", "paused": true, "deliveries": 1})
	b.Equal(OrderDestination(b, d, "pause", 0), Object{"config_version": version + 1, "status": "done", "paused": true, "deliveries": 0})
	second := b.Enqueue(d)[0]
	b.Settle("a", queue.Settlement{Delivery: under, LeaseToken: 1, Attempt: b.Tried("retry", nil), Next: queue.NextState{State: "pending"}})
	b.Equal([]string{b.State(under), b.State(first), b.State(second)}, []string{"held", "held", "held"})
	b.Equal(Claimed(b.Claim("a", 10)), None)
	// An edit of something else lets nothing go.
	b.Update("destinations", d, Object{"max_concurrency": 9})
	b.Equal(b.State(first), "held")

	b.Equal(OrderDestination(b, d, "resume", 0).Deliveries, 3)
	b.Equal(Claimed(b.Claim("a", 10)), []string{under, first, second})
	var actions []string
	b.Must(b.App.DB().NewQuery("SELECT actor || ' ' || action || ' ' || detail FROM audit WHERE subject_type = 'destination' ORDER BY rowid").Column(&actions))
	b.Equal(actions, []string{
		`operator:o@example.com destination.pause {"deliveries":1}`, `operator:o@example.com destination.resume {"deliveries":3}`})
}

func TestResumeAtARate(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	var ids []string
	for range 4 {
		ids = append(ids, b.Enqueue(d)...)
	}
	OrderDestination(b, d, "pause", 0)
	b.Equal(OrderDestination(b, d, "resume", 2).Deliveries, 4)
	for _, id := range ids {
		answer := b.Claim("a", 10)
		b.Equal(Claimed(answer), []string{id})
		b.Deliver("a", id, 1)
		b.Time = b.Time.Add(500 * time.Millisecond)
	}
}

func TestResumeKeepsLaterTimes(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	id := b.Leased(d)
	b.Settle("a", queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: b.Tried("throttled", nil), Next: queue.NextState{State: "pending", RetryInMs: 60_000}})
	OrderDestination(b, d, "pause", 0)
	OrderDestination(b, d, "resume", 10)
	b.Equal(b.Get("deliveries", id).GetString("next_attempt_at"), "2026-11-23 12:01:00.000Z")
}

func TestPausedAndDisabledAreTwoThings(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	id := b.Enqueue(d)[0]
	b.Update("destinations", d, Object{"paused": true, "enabled": false})
	b.Equal(b.State(id), "held")
	b.Update("destinations", d, Object{"enabled": true})
	b.Equal(b.State(id), "held")
	b.Update("destinations", d, Object{"enabled": false})
	b.Equal(OrderDestination(b, d, "resume", 0).Deliveries, 0)
	b.Equal(b.State(id), "held")
	b.Update("destinations", d, Object{"enabled": true})
	b.Equal(b.State(id), "pending")
}

func TestDestinationCommandRefuses(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	b.Equal(OrderDestination(b, "dst99999999999x", "pause", 0).Status, "unknown")
	for _, request := range []policy.Request{
		{Destination: d, Command: "stop", Actor: "o"}, {Destination: d, Command: "pause"},
		{Destination: d, Command: "resume", Actor: "o", Rate: -1}, {Destination: d, Command: "resume", Actor: "o", Rate: 1001},
	} {
		if _, err := policy.PauseOrResume(b.Store, request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}

func TestAPauseUsesTheIndexes(t *testing.T) {
	b := NewBench(t)
	for _, query := range []string{policy.HoldPending, policy.ReleaseHeld, policy.CancelWaiting} {
		b.Equal(len(b.Growing(query)), 0)
	}
}
