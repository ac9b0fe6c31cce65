package queue_test

import (
	"slices"
	"testing"
	"time"

	"pockethook/internal/queue"
	. "pockethook/internal/testkit"
)

func TestClaimIsFairOverDestinations(t *testing.T) {
	b := NewBench(t)
	busy, quiet := b.Destination(nil), b.Destination(nil)
	var backlog []string
	for range 400 {
		backlog = append(backlog, b.Enqueue(busy)...)
	}
	late := b.Enqueue(quiet)[0]

	first := Claimed(b.Claim("a", 4))
	b.Equal(len(first), 4)
	if !slices.Contains(first, late) {
		t.Fatal("the quiet destination has to wait for the busy one")
	}
	// Oldest first inside one destination.
	b.Equal(Sorted(slices.DeleteFunc(first, func(id string) bool { return id == late })), backlog[:3])
}

func TestClaimGoesRoundFromCallToCall(t *testing.T) {
	for name, each := range map[string]int{"few due": 2, "many due": 100} {
		t.Run(name, func(t *testing.T) {
			b := NewBench(t)
			served := map[string]int{}
			for range 5 {
				d := b.Destination(nil)
				for range each {
					b.Enqueue(d)
				}
			}
			for range 10 {
				for _, delivery := range b.Claim("a", 1).Deliveries {
					served[delivery.Destination]++
				}
			}
			for destination, n := range served {
				if n != 2 {
					t.Errorf("%s was served %d times of 10", destination, n)
				}
			}
			b.Equal(len(served), 5)
		})
	}
}

func TestClaimKeepsToTheConcurrencyOfADestination(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"max_concurrency": 3})
	ids := b.Enqueue(d, d, d, d, d)
	b.Equal(Claimed(b.Claim("a", 2)), ids[:2])
	b.Equal(Claimed(b.Claim("b", 10)), ids[2:3])
	answer := b.Claim("c", 10)
	b.Equal(Claimed(answer), None)
	// Nothing can be claimed before a lease ends or is settled: no reason to ask again at once.
	b.Equal(answer.NextDueInMs, LeaseMs+1)
	b.Deliver("b", ids[2], 1)
	b.Equal(Claimed(b.Claim("c", 10)), ids[3:4])

	// What one process wants for one destination is its own count.
	d2 := b.Destination(nil)
	more := b.Enqueue(d2, d2, d2)
	claim := func(owner string) []string {
		answer, err := b.Queue.Claim(queue.ClaimRequest{Owner: owner, LeaseMs: LeaseMs, Limit: 10, PerDestination: 1})
		b.Must(err)
		return Claimed(answer)
	}
	b.Equal(claim("x"), more[:1])
	b.Equal(claim("x"), None)
	b.Equal(claim("y"), more[1:2])
}

func TestClaimAnswersAllThatAnAttemptNeeds(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	event := b.Event(Object{"body": "AAE=", "body_encoding": "base64", "content_type": "application/octet-stream", "traceparent": "00-1", "hops": 2})
	through, rendered := b.Planned(d, Object{"passthrough": true, "request_body": "", "request_content_type": ""}), b.Planned(d, nil)
	b.Accept(Item(event, through, rendered))
	got := b.Claim("a", 10).Deliveries
	reference := Object{"id": event["id"], "source": b.Source, "type": "push", "correlation_id": "c-1", "traceparent": "00-1", "hops": 2}
	common := Object{
		"account": b.Account, "event": reference, "mapping": "map000000000001", "destination": d, "lease_token": 1,
		"attempts_made": 0, "tries_used": 0, "expires_at": b.Time.Add(7 * 24 * time.Hour).UnixMilli(),
	}
	want := []Object{
		Merge(common, Object{"id": through["id"], "request_body": "AAE=", "request_body_encoding": "base64", "request_content_type": "application/octet-stream"}),
		Merge(common, Object{"id": rendered["id"], "request_body": `{"text":"hello"}`, "request_body_encoding": "utf8", "request_content_type": "application/json"}),
	}
	b.Equal(got, want)
}

func TestClaimOnlyTheHeadOfAnOrderedDestination(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"ordered": true})
	ids := b.Enqueue(d, d)
	first := b.Claim("a", 10)
	b.Equal(Claimed(first), ids[:1])
	b.Equal(Claimed(b.Claim("b", 10)), None)

	// The head waits for its retry: what is behind it waits too, and only the head's time counts.
	b.Settle("a", queue.Settlement{Delivery: ids[0], LeaseToken: 1, Attempt: b.Tried("retry", nil), Next: queue.NextState{State: "pending", RetryInMs: 5000, UsedTry: true}})
	answer := b.Claim("a", 10)
	b.Equal(Claimed(answer), None)
	b.Equal(answer.NextDueInMs, 5001)
	b.Time = b.Time.Add(5001 * time.Millisecond)
	b.Equal(Claimed(b.Claim("a", 10)), ids[:1])
	b.Deliver("a", ids[0], 2)
	b.Equal(Claimed(b.Claim("a", 10)), ids[1:])
}

func TestClaimReturnsWhatALostProcessHeld(t *testing.T) {
	b := NewBench(t)
	ids := b.Enqueue(b.Destination(nil))
	b.Equal(Claimed(b.Claim("a", 1)), ids)
	b.Time = b.Time.Add(LeaseMs * time.Millisecond)
	answer := b.Claim("b", 1)
	b.Equal(Claimed(answer), ids)
	b.Equal(answer.Reclaimed, 1)
	b.Equal(answer.Deliveries[0].LeaseToken, 2)
}

func TestClaimGivesUpOnWhatIsClaimedAgainAndAgain(t *testing.T) {
	b := NewBench(t)
	ids := b.Enqueue(b.Destination(nil))
	for range queue.ClaimsAtMost {
		b.Equal(Claimed(b.Claim("a", 1)), ids)
		b.Time = b.Time.Add(LeaseMs * time.Millisecond)
	}
	answer := b.Claim("a", 1)
	b.Equal(Claimed(answer), None)
	b.Equal(answer.Dead, 1)
	dead := b.Get("deliveries", ids[0])
	b.Equal(dead.GetString("state"), "dead")
	b.Equal(dead.GetString("last_error"), "claimed 5 times without a result: it may be what stops the process that delivers it")
}

func TestClaimExpires(t *testing.T) {
	b := NewBench(t)
	on, off := b.Destination(nil), b.Destination(Object{"enabled": false})
	waiting, held, leased := b.Planned(on, Object{"expires_in_ms": 1000}), b.Planned(off, Object{"expires_in_ms": 1000}), b.Planned(on, Object{"expires_in_ms": 1000, "lease": true})
	b.Accept(Item(b.Event(nil), waiting, held, leased))
	b.Time = b.Time.Add(time.Second)
	answer := b.Claim("b", 10)
	b.Equal(answer.Expired, 2)
	b.Equal(Claimed(answer), None)
	b.Equal(b.State(waiting["id"].(string)), "expired")
	b.Equal(b.State(held["id"].(string)), "expired")
	b.Equal(b.State(leased["id"].(string)), "delivering")
}

func TestClaimTellsWhenToComeBack(t *testing.T) {
	b := NewBench(t)
	b.Equal(b.Claim("a", 1).NextDueInMs, nil)
	d := b.Destination(nil)
	ids := b.Enqueue(d, d)
	b.Equal(b.Claim("a", 1).NextDueInMs, 0)
	b.Equal(Claimed(b.Claim("a", 1)), ids[1:])
	// Its own leases need no waking: their settlements tell.
	b.Equal(b.Claim("a", 1).NextDueInMs, nil)
	b.Equal(b.Claim("b", 1).NextDueInMs, LeaseMs+1)
	b.Settle("a", queue.Settlement{Delivery: ids[0], LeaseToken: 1, Attempt: b.Tried("retry", nil), Next: queue.NextState{State: "pending", RetryInMs: 700}})
	b.Equal(b.Claim("b", 1).NextDueInMs, 701)
	b.Enqueue(b.Destination(Object{"enabled": false}))
	b.Equal(b.Claim("b", 1).NextDueInMs, 701)
}

func TestClaimRefusesBadRequests(t *testing.T) {
	b := NewBench(t)
	for _, request := range []queue.ClaimRequest{
		{Owner: "", LeaseMs: LeaseMs, Limit: 1}, {Owner: "a", LeaseMs: 10, Limit: 1}, {Owner: "a", LeaseMs: LeaseMs, Limit: 0},
		{Owner: "a", LeaseMs: LeaseMs, Limit: 1001}, {Owner: "a", LeaseMs: LeaseMs, Limit: 1, PerDestination: -1},
	} {
		if _, err := b.Queue.Claim(request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}

// The queue must not slow down with its length: neither one long backlog nor many destinations.
func TestClaimUsesTheIndexes(t *testing.T) {
	b := NewBench(t)
	for name, query := range queue.Queries {
		for _, step := range b.Growing(query) {
			t.Errorf("%s: %s", name, step)
		}
	}
}

func TestClaimNeverForADisabledDestination(t *testing.T) {
	b := NewBench(t)
	b.Enqueue(b.Destination(nil))
	// Past the hook that would hold the delivery, as somebody at the database could.
	b.Execute("UPDATE destinations SET enabled = FALSE", nil)
	answer := b.Claim("a", 1)
	b.Equal(Claimed(answer), None)
	b.Equal(answer.NextDueInMs, nil)
}

func TestClaimWhoseCallerIsGoneLeasesNothing(t *testing.T) {
	b := NewBench(t)
	id := b.Enqueue(b.Destination(nil))[0]
	request := queue.ClaimRequest{Owner: "a", LeaseMs: LeaseMs, Limit: 5, Gone: func() bool { return true }}
	if _, err := b.Queue.Claim(request); err == nil {
		t.Error("it is answered")
	}
	b.Equal([]any{b.State(id), b.Get("deliveries", id).GetInt("claims")}, []any{"pending", 0})
}

func TestClaimLeavesWhatTheOwnerCantDeliver(t *testing.T) {
	b := NewBench(t)
	sealed, well := b.Destination(nil), b.Destination(nil)
	waiting := b.Enqueue(sealed, well, sealed)
	claim := func(owner string, except ...string) queue.ClaimAnswer {
		answer, err := b.Queue.Claim(queue.ClaimRequest{Owner: owner, LeaseMs: LeaseMs, Limit: 10, Except: except})
		b.Must(err)
		return answer
	}
	first := claim("a", sealed)
	b.Equal([]any{Claimed(first), first.NextDueInMs == nil}, []any{waiting[1:2], true})
	// What is none of its column's type costs nobody else a claim, and no event its acceptance.
	b.Execute("UPDATE destinations SET rate_limit = 'fast', max_concurrency = 'many', ordered = 'x' WHERE id = '"+sealed+"'", nil)
	again := b.Enqueue(sealed, well)
	b.Equal(Claimed(claim("a", sealed)), again[1:])
	b.Equal(len(Claimed(claim("b"))), 3)
}
