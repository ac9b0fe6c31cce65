package main

import (
	"slices"
	"testing"
	"time"
)

func TestClaimIsFairOverDestinations(t *testing.T) {
	b := newBench(t)
	busy, quiet := b.destination(nil), b.destination(nil)
	var backlog []string
	for range 400 {
		backlog = append(backlog, b.enqueue(busy)...)
	}
	late := b.enqueue(quiet)[0]

	first := claimed(b.claim("a", 4))
	b.equal(len(first), 4)
	if !slices.Contains(first, late) {
		t.Fatal("the quiet destination has to wait for the busy one")
	}
	// Oldest first inside one destination.
	b.equal(sorted(slices.DeleteFunc(first, func(id string) bool { return id == late })), backlog[:3])
}

func TestClaimGoesRoundFromCallToCall(t *testing.T) {
	for name, each := range map[string]int{"few due": 2, "many due": 100} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			served := map[string]int{}
			for range 5 {
				d := b.destination(nil)
				for range each {
					b.enqueue(d)
				}
			}
			for range 10 {
				for _, delivery := range b.claim("a", 1).Deliveries {
					served[delivery.Destination]++
				}
			}
			for destination, n := range served {
				if n != 2 {
					t.Errorf("%s was served %d times of 10", destination, n)
				}
			}
			b.equal(len(served), 5)
		})
	}
}

func TestClaimKeepsToTheConcurrencyOfADestination(t *testing.T) {
	b := newBench(t)
	d := b.destination(object{"max_concurrency": 3})
	ids := b.enqueue(d, d, d, d, d)
	b.equal(claimed(b.claim("a", 2)), ids[:2])
	b.equal(claimed(b.claim("b", 10)), ids[2:3])
	answer := b.claim("c", 10)
	b.equal(claimed(answer), none)
	// Nothing can be claimed before a lease ends or is settled: no reason to ask again at once.
	b.equal(answer.NextDueInMs, leaseMs+1)
	b.deliver("b", ids[2], 1)
	b.equal(claimed(b.claim("c", 10)), ids[3:4])

	// What one process wants for one destination is its own count.
	d2 := b.destination(nil)
	more := b.enqueue(d2, d2, d2)
	claim := func(owner string) []string {
		answer, err := b.queue.claim(claimRequest{Owner: owner, LeaseMs: leaseMs, Limit: 10, PerDestination: 1})
		b.must(err)
		return claimed(answer)
	}
	b.equal(claim("x"), more[:1])
	b.equal(claim("x"), none)
	b.equal(claim("y"), more[1:2])
}

func TestClaimAnswersAllThatAnAttemptNeeds(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	event := b.event(object{"body": "AAE=", "body_encoding": "base64", "content_type": "application/octet-stream", "traceparent": "00-1", "hops": 2})
	through, rendered := b.planned(d, object{"passthrough": true, "request_body": "", "request_content_type": ""}), b.planned(d, nil)
	b.accept(item(event, through, rendered))
	got := b.claim("a", 10).Deliveries
	reference := object{"id": event["id"], "source": b.source, "type": "push", "correlation_id": "c-1", "traceparent": "00-1", "hops": 2}
	common := object{
		"account": b.account, "event": reference, "mapping": "map000000000001", "destination": d, "lease_token": 1,
		"attempts_made": 0, "tries_used": 0, "expires_at": b.time.Add(7 * 24 * time.Hour).UnixMilli(),
	}
	want := []object{
		merge(common, object{"id": through["id"], "request_body": "AAE=", "request_body_encoding": "base64", "request_content_type": "application/octet-stream"}),
		merge(common, object{"id": rendered["id"], "request_body": `{"text":"hello"}`, "request_body_encoding": "utf8", "request_content_type": "application/json"}),
	}
	b.equal(got, want)
}

func TestClaimOnlyTheHeadOfAnOrderedDestination(t *testing.T) {
	b := newBench(t)
	d := b.destination(object{"ordered": true})
	ids := b.enqueue(d, d)
	first := b.claim("a", 10)
	b.equal(claimed(first), ids[:1])
	b.equal(claimed(b.claim("b", 10)), none)

	// The head waits for its retry: what is behind it waits too, and only the head's time counts.
	b.settle("a", settlement{Delivery: ids[0], LeaseToken: 1, Attempt: b.tried("retry", nil), Next: nextState{State: "pending", RetryInMs: 5000, UsedTry: true}})
	answer := b.claim("a", 10)
	b.equal(claimed(answer), none)
	b.equal(answer.NextDueInMs, 5001)
	b.time = b.time.Add(5001 * time.Millisecond)
	b.equal(claimed(b.claim("a", 10)), ids[:1])
	b.deliver("a", ids[0], 2)
	b.equal(claimed(b.claim("a", 10)), ids[1:])
}

func TestClaimReturnsWhatALostProcessHeld(t *testing.T) {
	b := newBench(t)
	ids := b.enqueue(b.destination(nil))
	b.equal(claimed(b.claim("a", 1)), ids)
	b.time = b.time.Add(leaseMs * time.Millisecond)
	answer := b.claim("b", 1)
	b.equal(claimed(answer), ids)
	b.equal(answer.Reclaimed, 1)
	b.equal(answer.Deliveries[0].LeaseToken, 2)
}

func TestClaimGivesUpOnWhatIsClaimedAgainAndAgain(t *testing.T) {
	b := newBench(t)
	ids := b.enqueue(b.destination(nil))
	for range claimsAtMost {
		b.equal(claimed(b.claim("a", 1)), ids)
		b.time = b.time.Add(leaseMs * time.Millisecond)
	}
	answer := b.claim("a", 1)
	b.equal(claimed(answer), none)
	b.equal(answer.Dead, 1)
	dead := b.get("deliveries", ids[0])
	b.equal(dead.GetString("state"), "dead")
	b.equal(dead.GetString("last_error"), "claimed 5 times without a result: it may be what stops the process that delivers it")
}

func TestClaimExpires(t *testing.T) {
	b := newBench(t)
	on, off := b.destination(nil), b.destination(object{"enabled": false})
	waiting, held, leased := b.planned(on, object{"expires_in_ms": 1000}), b.planned(off, object{"expires_in_ms": 1000}), b.planned(on, object{"expires_in_ms": 1000, "lease": true})
	b.accept(item(b.event(nil), waiting, held, leased))
	b.time = b.time.Add(time.Second)
	answer := b.claim("b", 10)
	b.equal(answer.Expired, 2)
	b.equal(claimed(answer), none)
	b.equal(b.state(waiting["id"].(string)), "expired")
	b.equal(b.state(held["id"].(string)), "expired")
	b.equal(b.state(leased["id"].(string)), "delivering")
}

func TestClaimTellsWhenToComeBack(t *testing.T) {
	b := newBench(t)
	b.equal(b.claim("a", 1).NextDueInMs, nil)
	d := b.destination(nil)
	ids := b.enqueue(d, d)
	b.equal(b.claim("a", 1).NextDueInMs, 0)
	b.equal(claimed(b.claim("a", 1)), ids[1:])
	// Its own leases need no waking: their settlements tell.
	b.equal(b.claim("a", 1).NextDueInMs, nil)
	b.equal(b.claim("b", 1).NextDueInMs, leaseMs+1)
	b.settle("a", settlement{Delivery: ids[0], LeaseToken: 1, Attempt: b.tried("retry", nil), Next: nextState{State: "pending", RetryInMs: 700}})
	b.equal(b.claim("b", 1).NextDueInMs, 701)
	b.enqueue(b.destination(object{"enabled": false}))
	b.equal(b.claim("b", 1).NextDueInMs, 701)
}

func TestClaimRefusesBadRequests(t *testing.T) {
	b := newBench(t)
	for _, request := range []claimRequest{
		{Owner: "", LeaseMs: leaseMs, Limit: 1}, {Owner: "a", LeaseMs: 10, Limit: 1}, {Owner: "a", LeaseMs: leaseMs, Limit: 0},
		{Owner: "a", LeaseMs: leaseMs, Limit: 1001}, {Owner: "a", LeaseMs: leaseMs, Limit: 1, PerDestination: -1},
	} {
		if _, err := b.queue.claim(request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}

// The queue must not slow down with its length: neither one long backlog nor many destinations.
func TestClaimUsesTheIndexes(t *testing.T) {
	b := newBench(t)
	for name, query := range queries {
		for _, step := range b.growing(query) {
			t.Errorf("%s: %s", name, step)
		}
	}
}

func TestClaimNeverForADisabledDestination(t *testing.T) {
	b := newBench(t)
	b.enqueue(b.destination(nil))
	// Past the hook that would hold the delivery, as somebody at the database could.
	b.execute("UPDATE destinations SET enabled = FALSE", nil)
	answer := b.claim("a", 1)
	b.equal(claimed(answer), none)
	b.equal(answer.NextDueInMs, nil)
}

func TestClaimWhoseCallerIsGoneLeasesNothing(t *testing.T) {
	b := newBench(t)
	id := b.enqueue(b.destination(nil))[0]
	request := claimRequest{Owner: "a", LeaseMs: leaseMs, Limit: 5, gone: func() bool { return true }}
	if _, err := b.queue.claim(request); err == nil {
		t.Error("it is answered")
	}
	b.equal([]any{b.state(id), b.get("deliveries", id).GetInt("claims")}, []any{"pending", 0})
}

func TestClaimLeavesWhatTheOwnerCantDeliver(t *testing.T) {
	b := newBench(t)
	sealed, well := b.destination(nil), b.destination(nil)
	waiting := b.enqueue(sealed, well, sealed)
	claim := func(owner string, except ...string) claimAnswer {
		answer, err := b.queue.claim(claimRequest{Owner: owner, LeaseMs: leaseMs, Limit: 10, Except: except})
		b.must(err)
		return answer
	}
	first := claim("a", sealed)
	b.equal([]any{claimed(first), first.NextDueInMs == nil}, []any{waiting[1:2], true})
	// What is none of its column's type costs nobody else a claim, and no event its acceptance.
	b.execute("UPDATE destinations SET rate_limit = 'fast', max_concurrency = 'many', ordered = 'x' WHERE id = '"+sealed+"'", nil)
	again := b.enqueue(sealed, well)
	b.equal(claimed(claim("a", sealed)), again[1:])
	b.equal(len(claimed(claim("b"))), 3)
}
