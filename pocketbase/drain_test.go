package main

import (
	"testing"
	"time"
)

func TestPauseHoldsAndResumeReleasesInOrder(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	under, first := b.leased(d), b.enqueue(d)[0]
	version := b.count(selectConfigVersion)
	b.equal(orderDestination(b, d, "pause", 0), object{"config_version": version + 1, "status": "done", "paused": true, "deliveries": 1})
	b.equal(orderDestination(b, d, "pause", 0), object{"config_version": version + 1, "status": "done", "paused": true, "deliveries": 0})
	second := b.enqueue(d)[0]
	b.settle("a", settlement{Delivery: under, LeaseToken: 1, Attempt: b.tried("retry", nil), Next: nextState{State: "pending"}})
	b.equal([]string{b.state(under), b.state(first), b.state(second)}, []string{"held", "held", "held"})
	b.equal(claimed(b.claim("a", 10)), none)
	// An edit of something else lets nothing go.
	b.update("destinations", d, object{"max_concurrency": 9})
	b.equal(b.state(first), "held")

	b.equal(orderDestination(b, d, "resume", 0).Deliveries, 3)
	b.equal(claimed(b.claim("a", 10)), []string{under, first, second})
	var actions []string
	b.must(b.app.DB().NewQuery("SELECT actor || ' ' || action || ' ' || detail FROM audit WHERE subject_type = 'destination' ORDER BY rowid").Column(&actions))
	b.equal(actions, []string{
		`operator:o@example.com destination.pause {"deliveries":1}`, `operator:o@example.com destination.resume {"deliveries":3}`})
}

func TestResumeAtARate(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	var ids []string
	for range 4 {
		ids = append(ids, b.enqueue(d)...)
	}
	orderDestination(b, d, "pause", 0)
	b.equal(orderDestination(b, d, "resume", 2).Deliveries, 4)
	for _, id := range ids {
		answer := b.claim("a", 10)
		b.equal(claimed(answer), []string{id})
		b.deliver("a", id, 1)
		b.time = b.time.Add(500 * time.Millisecond)
	}
}

func TestResumeKeepsLaterTimes(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	id := b.leased(d)
	b.settle("a", settlement{Delivery: id, LeaseToken: 1, Attempt: b.tried("throttled", nil), Next: nextState{State: "pending", RetryInMs: 60_000}})
	orderDestination(b, d, "pause", 0)
	orderDestination(b, d, "resume", 10)
	b.equal(b.get("deliveries", id).GetString("next_attempt_at"), "2026-11-23 12:01:00.000Z")
}

func TestPausedAndDisabledAreTwoThings(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	id := b.enqueue(d)[0]
	b.update("destinations", d, object{"paused": true, "enabled": false})
	b.equal(b.state(id), "held")
	b.update("destinations", d, object{"enabled": true})
	b.equal(b.state(id), "held")
	b.update("destinations", d, object{"enabled": false})
	b.equal(orderDestination(b, d, "resume", 0).Deliveries, 0)
	b.equal(b.state(id), "held")
	b.update("destinations", d, object{"enabled": true})
	b.equal(b.state(id), "pending")
}

func TestDestinationCommandRefuses(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	b.equal(orderDestination(b, "dst99999999999x", "pause", 0).Status, "unknown")
	for _, request := range []destinationRequest{
		{Destination: d, Command: "stop", Actor: "o"}, {Destination: d, Command: "pause"},
		{Destination: d, Command: "resume", Actor: "o", Rate: -1}, {Destination: d, Command: "resume", Actor: "o", Rate: 1001},
	} {
		if _, err := destinationCommand(b.store, request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}

func TestAPauseUsesTheIndexes(t *testing.T) {
	b := newBench(t)
	b.equal(len(b.growing(holdPending)), 0)
}
