package queue_test

import (
	"strings"
	"testing"
	"time"

	"pockethook/internal/queue"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func TestSettleMovesTheDeliveryOn(t *testing.T) {
	cases := []struct {
		name string
		next queue.NextState
		want Object
	}{
		{"delivered", queue.NextState{State: "delivered", UsedTry: true}, Object{"state": "delivered", "tries_used": 1}},
		{"retry", queue.NextState{State: "pending", RetryInMs: 5000, UsedTry: true},
			Object{"state": "pending", "tries_used": 1, "next_attempt_at": "2026-11-23 12:00:05.000Z"}},
		{"throttled", queue.NextState{State: "pending", RetryInMs: 60_000},
			Object{"state": "pending", "tries_used": 0, "next_attempt_at": "2026-11-23 12:01:00.000Z"}},
		{"dead", queue.NextState{State: "dead", UsedTry: true}, Object{"state": "dead", "tries_used": 1}},
		{"expired", queue.NextState{State: "expired"}, Object{"state": "expired", "tries_used": 0}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := NewBench(t)
			id := b.Leased(b.Destination(nil))
			tried := b.Tried("retry", func(a *queue.Attempt) {
				a.Status, a.Error, a.ResponseBody = 500, strings.Repeat("é", 3000), strings.Repeat("x", 30_000)
			})
			one := queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: tried, Next: c.next}
			b.Equal(b.Settle("a", one), []string{"settled"})
			// Repeated after an unknown outcome, alone and with others.
			b.Equal(b.Settle("a", one, one), []string{"repeated", "repeated"})

			delivery := b.Get("deliveries", id)
			for field, want := range c.want {
				b.Equal(delivery.Get(field), want)
			}
			b.Equal([]any{delivery.GetInt("attempts_made"), delivery.GetInt("claims"), delivery.GetString("lease_owner"),
				delivery.GetString("lease_until"), delivery.GetInt("lease_token"), delivery.GetInt("last_status")},
				[]any{1, 0, "", "", 1, 500})
			b.Equal(len([]rune(delivery.GetString("last_error"))), 2000)
			b.Equal(b.Count("SELECT count(*) FROM attempts"), 1)
			stored := b.Get("attempts", tried.ID)
			b.Equal([]any{stored.GetString("account"), stored.GetString("delivery"), stored.GetInt("lease_token"), stored.GetString("outcome"),
				len(stored.GetString("response_body")), stored.GetString("response_headers")},
				[]any{b.Account, id, 1, "retry", 20_000, `{"x":"y"}`})
		})
	}
}

func TestSettleChangesNothingUnderAnOldLease(t *testing.T) {
	b := NewBench(t)
	id := b.Leased(b.Destination(nil))
	b.Time = b.Time.Add(LeaseMs * time.Millisecond)
	b.Equal(b.Claim("b", 1).Deliveries[0].LeaseToken, 2)
	late := queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered"}}
	giveBack := queue.Settlement{Delivery: id, LeaseToken: 1, Next: queue.NextState{State: "pending"}}
	foreign := queue.Settlement{Delivery: id, LeaseToken: 2, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered"}}
	unknown := queue.Settlement{Delivery: "dlv99999999999x", LeaseToken: 1, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered"}}
	b.Equal(b.Settle("a", late, giveBack, foreign, unknown), []string{"stale", "stale", "stale", "stale"})
	b.Equal(b.State(id), "delivering")
	b.Equal(b.Count("SELECT count(*) FROM attempts"), 0)
	b.Deliver("b", id, 2)
}

func TestSettleWithoutAnAttemptGivesTheLeaseBack(t *testing.T) {
	b := NewBench(t)
	id := b.Leased(b.Destination(nil))
	for token := int64(1); token <= queue.ClaimsAtMost+2; token++ {
		b.Equal(b.Settle("a", queue.Settlement{Delivery: id, LeaseToken: token, Next: queue.NextState{State: "pending"}}), []string{"settled"})
		delivery := b.Get("deliveries", id)
		b.Equal([]any{delivery.GetString("state"), delivery.GetInt("claims"), delivery.GetInt("attempts_made")}, []any{"pending", 0, 0})
		b.Equal(Claimed(b.Claim("a", 1)), []string{id})
	}
}

func TestSettleOfADisabledOrDeletedDestination(t *testing.T) {
	b := NewBench(t)
	disabled, deleted := b.Destination(nil), b.Destination(nil)
	held, cancelled, done := b.Leased(disabled), b.Leased(deleted), b.Leased(disabled)
	b.Update("destinations", disabled, Object{"enabled": false})
	b.Must(b.App.Delete(b.Get("destinations", deleted)))
	retry := queue.NextState{State: "pending", UsedTry: true}
	b.Settle("a",
		queue.Settlement{Delivery: held, LeaseToken: 1, Attempt: b.Tried("retry", nil), Next: retry},
		queue.Settlement{Delivery: cancelled, LeaseToken: 1, Attempt: b.Tried("retry", nil), Next: retry},
		queue.Settlement{Delivery: done, LeaseToken: 1, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered"}})
	b.Equal([]string{b.State(held), b.State(cancelled), b.State(done)}, []string{"held", "cancelled", "delivered"})
}

func TestSettleDisablesADestinationThatIsGone(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	gone, waiting := b.Leased(d), b.Enqueue(d)[0]
	version := b.Count(store.SelectConfigVersion)
	one := queue.Settlement{Delivery: gone, LeaseToken: 1, Attempt: b.Tried("gone", nil), Next: queue.NextState{State: "dead", DisableDestination: "it answered 410"}}
	answer, err := b.Queue.Settle(queue.SettleRequest{Owner: "a", Results: []queue.Settlement{one}})
	b.Must(err)
	b.Equal(answer.ConfigVersion, version+1)
	destination := b.Get("destinations", d)
	b.Equal([]any{destination.GetBool("enabled"), destination.GetString("disabled_reason")}, []any{false, "it answered 410"})
	b.Equal([]string{b.State(gone), b.State(waiting)}, []string{"dead", "held"})

	b.Settle("a", one)
	b.Equal(b.Count(store.SelectConfigVersion), version+1)
	b.Update("destinations", d, Object{"enabled": true})
	b.Equal(b.Get("destinations", d).GetString("disabled_reason"), "")
	b.Equal(b.State(waiting), "pending")
}

func TestSettleRefusesWhatCannotBeStored(t *testing.T) {
	b := NewBench(t)
	id := b.Leased(b.Destination(nil))
	good := queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered"}}
	for name, change := range map[string]func(*queue.Settlement){
		"state":      func(s *queue.Settlement) { s.Next.State = "held" },
		"outcome":    func(s *queue.Settlement) { s.Attempt.Outcome = "fine" },
		"attempt id": func(s *queue.Settlement) { s.Attempt.ID = "x" },
		"time":       func(s *queue.Settlement) { s.Attempt.StartedAt = "now" },
		"headers":    func(s *queue.Settlement) { s.Attempt.ResponseHeaders = nil },
		"retry":      func(s *queue.Settlement) { s.Next.RetryInMs = -1 },
	} {
		bad, attempt := good, *good.Attempt
		bad.Attempt = &attempt
		change(&bad)
		if got := b.Settle("a", bad); got[0] != "failed" {
			t.Errorf("a bad %s is %s", name, got[0])
		}
	}
	b.Equal(b.State(id), "delivering")
	bad := good
	bad.Next.State = "held"
	b.Equal(b.Settle("a", bad, good), []string{"failed", "settled"})
}
