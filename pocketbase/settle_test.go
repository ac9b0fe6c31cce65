package main

import (
	"strings"
	"testing"
	"time"
)

func TestSettleMovesTheDeliveryOn(t *testing.T) {
	cases := []struct {
		name string
		next nextState
		want object
	}{
		{"delivered", nextState{State: "delivered", UsedTry: true}, object{"state": "delivered", "tries_used": 1}},
		{"retry", nextState{State: "pending", RetryInMs: 5000, UsedTry: true},
			object{"state": "pending", "tries_used": 1, "next_attempt_at": "2026-11-23 12:00:05.000Z"}},
		{"throttled", nextState{State: "pending", RetryInMs: 60_000},
			object{"state": "pending", "tries_used": 0, "next_attempt_at": "2026-11-23 12:01:00.000Z"}},
		{"dead", nextState{State: "dead", UsedTry: true}, object{"state": "dead", "tries_used": 1}},
		{"expired", nextState{State: "expired"}, object{"state": "expired", "tries_used": 0}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			id := b.leased(b.destination(nil))
			tried := b.tried("retry", func(a *attempt) {
				a.Status, a.Error, a.ResponseBody = 500, strings.Repeat("é", 3000), strings.Repeat("x", 30_000)
			})
			one := settlement{Delivery: id, LeaseToken: 1, Attempt: tried, Next: c.next}
			b.equal(b.settle("a", one), []string{"settled"})
			// Repeated after an unknown outcome, alone and with others.
			b.equal(b.settle("a", one, one), []string{"repeated", "repeated"})

			delivery := b.get("deliveries", id)
			for field, want := range c.want {
				b.equal(delivery.Get(field), want)
			}
			b.equal([]any{delivery.GetInt("attempts_made"), delivery.GetInt("claims"), delivery.GetString("lease_owner"),
				delivery.GetString("lease_until"), delivery.GetInt("lease_token"), delivery.GetInt("last_status")},
				[]any{1, 0, "", "", 1, 500})
			b.equal(len([]rune(delivery.GetString("last_error"))), 2000)
			b.equal(b.count("SELECT count(*) FROM attempts"), 1)
			stored := b.get("attempts", tried.ID)
			b.equal([]any{stored.GetString("account"), stored.GetString("delivery"), stored.GetInt("lease_token"), stored.GetString("outcome"),
				len(stored.GetString("response_body")), stored.GetString("response_headers")},
				[]any{b.account, id, 1, "retry", 20_000, `{"x":"y"}`})
		})
	}
}

func TestSettleChangesNothingUnderAnOldLease(t *testing.T) {
	b := newBench(t)
	id := b.leased(b.destination(nil))
	b.time = b.time.Add(leaseMs * time.Millisecond)
	b.equal(b.claim("b", 1).Deliveries[0].LeaseToken, 2)
	late := settlement{Delivery: id, LeaseToken: 1, Attempt: b.tried("success", nil), Next: nextState{State: "delivered"}}
	giveBack := settlement{Delivery: id, LeaseToken: 1, Next: nextState{State: "pending"}}
	foreign := settlement{Delivery: id, LeaseToken: 2, Attempt: b.tried("success", nil), Next: nextState{State: "delivered"}}
	unknown := settlement{Delivery: "dlv99999999999x", LeaseToken: 1, Attempt: b.tried("success", nil), Next: nextState{State: "delivered"}}
	b.equal(b.settle("a", late, giveBack, foreign, unknown), []string{"stale", "stale", "stale", "stale"})
	b.equal(b.state(id), "delivering")
	b.equal(b.count("SELECT count(*) FROM attempts"), 0)
	b.deliver("b", id, 2)
}

func TestSettleWithoutAnAttemptGivesTheLeaseBack(t *testing.T) {
	b := newBench(t)
	id := b.leased(b.destination(nil))
	for token := int64(1); token <= claimsAtMost+2; token++ {
		b.equal(b.settle("a", settlement{Delivery: id, LeaseToken: token, Next: nextState{State: "pending"}}), []string{"settled"})
		delivery := b.get("deliveries", id)
		b.equal([]any{delivery.GetString("state"), delivery.GetInt("claims"), delivery.GetInt("attempts_made")}, []any{"pending", 0, 0})
		b.equal(claimed(b.claim("a", 1)), []string{id})
	}
}

func TestSettleOfADisabledOrDeletedDestination(t *testing.T) {
	b := newBench(t)
	disabled, deleted := b.destination(nil), b.destination(nil)
	held, cancelled, done := b.leased(disabled), b.leased(deleted), b.leased(disabled)
	b.update("destinations", disabled, object{"enabled": false})
	b.must(b.app.Delete(b.get("destinations", deleted)))
	retry := nextState{State: "pending", UsedTry: true}
	b.settle("a",
		settlement{Delivery: held, LeaseToken: 1, Attempt: b.tried("retry", nil), Next: retry},
		settlement{Delivery: cancelled, LeaseToken: 1, Attempt: b.tried("retry", nil), Next: retry},
		settlement{Delivery: done, LeaseToken: 1, Attempt: b.tried("success", nil), Next: nextState{State: "delivered"}})
	b.equal([]string{b.state(held), b.state(cancelled), b.state(done)}, []string{"held", "cancelled", "delivered"})
}

func TestSettleDisablesADestinationThatIsGone(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	gone, waiting := b.leased(d), b.enqueue(d)[0]
	version := b.count(selectConfigVersion)
	one := settlement{Delivery: gone, LeaseToken: 1, Attempt: b.tried("gone", nil), Next: nextState{State: "dead", DisableDestination: "it answered 410"}}
	answer, err := b.queue.settle(settleRequest{Owner: "a", Results: []settlement{one}})
	b.must(err)
	b.equal(answer.ConfigVersion, version+1)
	destination := b.get("destinations", d)
	b.equal([]any{destination.GetBool("enabled"), destination.GetString("disabled_reason")}, []any{false, "it answered 410"})
	b.equal([]string{b.state(gone), b.state(waiting)}, []string{"dead", "held"})

	b.settle("a", one)
	b.equal(b.count(selectConfigVersion), version+1)
	b.update("destinations", d, object{"enabled": true})
	b.equal(b.get("destinations", d).GetString("disabled_reason"), "")
	b.equal(b.state(waiting), "pending")
}

func TestSettleRefusesWhatCannotBeStored(t *testing.T) {
	b := newBench(t)
	id := b.leased(b.destination(nil))
	good := settlement{Delivery: id, LeaseToken: 1, Attempt: b.tried("success", nil), Next: nextState{State: "delivered"}}
	for name, change := range map[string]func(*settlement){
		"state":      func(s *settlement) { s.Next.State = "held" },
		"outcome":    func(s *settlement) { s.Attempt.Outcome = "fine" },
		"attempt id": func(s *settlement) { s.Attempt.ID = "x" },
		"time":       func(s *settlement) { s.Attempt.StartedAt = "now" },
		"headers":    func(s *settlement) { s.Attempt.ResponseHeaders = nil },
		"retry":      func(s *settlement) { s.Next.RetryInMs = -1 },
	} {
		bad, attempt := good, *good.Attempt
		bad.Attempt = &attempt
		change(&bad)
		if got := b.settle("a", bad); got[0] != "failed" {
			t.Errorf("a bad %s is %s", name, got[0])
		}
	}
	b.equal(b.state(id), "delivering")
	bad := good
	bad.Next.State = "held"
	b.equal(b.settle("a", bad, good), []string{"failed", "settled"})
}
