package queue_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/audit"
	"pockethook/internal/queue"
	. "pockethook/internal/testkit"
)

func runCommand(b *Bench, delivery, command string) queue.CommandAnswer {
	b.Helper()
	answer, err := b.Queue.Command(queue.CommandRequest{Delivery: delivery, Command: command, Actor: "operator:a@example.com"})
	b.Must(err)
	answer.ConfigVersion = 0
	return answer
}

func TestCommands(t *testing.T) {
	cases := []struct{ command, from, status, to string }{
		{"retry", "pending", "done", "pending"}, {"retry", "dead", "done", "pending"}, {"retry", "expired", "done", "pending"},
		{"retry", "cancelled", "done", "pending"}, {"retry", "held", "done", "pending"},
		{"retry", "delivering", "refused", "delivering"}, {"retry", "delivered", "refused", "delivered"},
		{"cancel", "pending", "done", "cancelled"}, {"cancel", "held", "done", "cancelled"},
		{"cancel", "delivering", "refused", "delivering"}, {"cancel", "delivered", "refused", "delivered"},
		{"cancel", "dead", "refused", "dead"}, {"cancel", "expired", "refused", "expired"}, {"cancel", "cancelled", "refused", "cancelled"},
	}
	for _, c := range cases {
		t.Run(c.command+" "+c.from, func(t *testing.T) {
			b := NewBench(t)
			id := b.Enqueue(b.Destination(nil))[0]
			b.Execute("UPDATE deliveries SET state = {:state}, tries_used = 9, claims = 4 WHERE id = {:id}", dbx.Params{"state": c.from, "id": id})
			b.Equal(runCommand(b, id, c.command), queue.CommandAnswer{Status: c.status, State: c.to})
			b.Equal(b.State(id), c.to)
			audited := b.Count("SELECT count(*) FROM audit WHERE subject = '" + id + "' AND action = 'delivery." + c.command + "' AND actor = 'operator:a@example.com'")
			b.Equal(audited, map[string]int{"done": 1}[c.status])
		})
	}
}

func TestRetryStartsOver(t *testing.T) {
	b := NewBench(t)
	id := b.Enqueue(b.Destination(nil))[0]
	b.Execute("UPDATE deliveries SET state = 'dead', tries_used = 9, claims = 4 WHERE id = {:id}", dbx.Params{"id": id})
	b.Time = b.Time.Add(24 * time.Hour)
	runCommand(b, id, "retry")
	delivery := b.Get("deliveries", id)
	b.Equal([]any{delivery.GetInt("tries_used"), delivery.GetInt("claims"), delivery.GetString("next_attempt_at"), delivery.GetString("expires_at")},
		[]any{0, 0, "2026-11-24 12:00:00.000Z", "2026-11-30 12:00:00.000Z"})

	b.Time = b.Time.Add(30 * 24 * time.Hour)
	runCommand(b, id, "retry")
	b.Equal(b.Get("deliveries", id).GetString("expires_at"), "2026-12-31 12:00:00.000Z")
	b.Equal(Claimed(b.Claim("a", 1)), []string{id})
}

func TestRetryFollowsTheDestination(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	id := b.Enqueue(d)[0]
	runCommand(b, id, "cancel")
	b.Update("destinations", d, Object{"enabled": false})
	b.Equal(runCommand(b, id, "retry"), queue.CommandAnswer{Status: "done", State: "held"})
	b.Must(b.App.Delete(b.Get("destinations", d)))
	b.Equal(runCommand(b, id, "retry"), queue.CommandAnswer{Status: "refused", State: "cancelled"})
	b.Equal(runCommand(b, "dlv99999999999x", "retry"), queue.CommandAnswer{Status: "unknown"})
	for _, request := range []queue.CommandRequest{{id, "drop", audit.Caller{Actor: "x"}}, {id, "retry", audit.Caller{}}} {
		if _, err := b.Queue.Command(request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}

func TestStats(t *testing.T) {
	b := NewBench(t)
	b.Equal(statsOf(b), Object{"depth": Object{"pending": 0, "delivering": 0, "held": 0}, "oldest_due_ms": 0})
	d := b.Destination(nil)
	b.Enqueue(d, d)
	b.Time = b.Time.Add(3 * time.Second)
	b.Enqueue(d, b.Destination(Object{"enabled": false}))
	b.Claim("a", 1)
	b.Equal(statsOf(b), Object{"depth": Object{"pending": 2, "delivering": 1, "held": 1}, "oldest_due_ms": 3000})
}

func statsOf(b *Bench) Object {
	b.Helper()
	answer, err := b.Queue.Stats()
	b.Must(err)
	return Object{"depth": answer.Depth, "oldest_due_ms": answer.OldestDueMs}
}
