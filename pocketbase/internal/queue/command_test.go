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

func commandMany(b *Bench, request queue.ManyRequest) queue.ManyAnswer {
	b.Helper()
	request.Caller = audit.Caller{Actor: "operator:a@example.com"}
	answer, err := b.Queue.CommandMany(request)
	b.Must(err)
	return answer
}

// die lets deliveries come to a state as if by an attempt, 9 tries ago.
func die(b *Bench, state string, ids ...string) {
	for _, id := range ids {
		b.Execute("UPDATE deliveries SET state = {:state}, tries_used = 9, last_error = 'gone' WHERE id = {:id}", dbx.Params{"state": state, "id": id})
	}
}

func TestRetryManyGoesOnWhereItEnded(t *testing.T) {
	b := NewBench(t)
	d, other, gone := b.Destination(nil), b.Destination(Object{"enabled": false}), b.Destination(nil)
	ids := b.Enqueue(d, d, other, gone, d)
	die(b, "dead", ids...)
	b.Must(b.App.Delete(b.Get("destinations", gone)))
	dead := queue.Selection{State: "dead"}

	b.Equal(commandMany(b, queue.ManyRequest{Command: "retry", Selection: dead, Limit: 100, DryRun: true}).Outcomes, []queue.ManyOutcome{
		{d, "pending", 3}, {other, "held", 1}, {gone, "destination_deleted", 1},
	})
	b.Equal(b.State(ids[0]), "dead")

	first := commandMany(b, queue.ManyRequest{Command: "retry", Selection: dead, Limit: 2})
	b.Equal(first.Outcomes, []queue.ManyOutcome{{d, "pending", 2}})
	b.Equal(first.Done, false)
	dead.After = first.Position
	die(b, "dead", ids[0]) // died again: not a second time in the same run
	second := commandMany(b, queue.ManyRequest{Command: "retry", Selection: dead, Limit: 100})
	b.Equal(second.Outcomes, []queue.ManyOutcome{{other, "held", 1}, {gone, "destination_deleted", 1}, {d, "pending", 1}})
	b.Equal(second.Done, true)
	b.Equal([]string{b.State(ids[0]), b.State(ids[2]), b.State(ids[3]), b.State(ids[4])}, []string{"dead", "held", "dead", "pending"})
	b.Equal(b.Count("SELECT count(*) FROM audit WHERE action = 'delivery.retry_many' AND actor = 'operator:a@example.com'"), 2)
	b.Equal(b.Get("deliveries", ids[4]).GetInt("tries_used"), 0)
}

func TestRetryManyAtARate(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	ids := b.Enqueue(d, d, d)
	die(b, "dead", ids...)
	b.Execute("UPDATE deliveries SET expires_at = '2026-11-23 12:00:01.000Z' WHERE id = {:id}", dbx.Params{"id": ids[2]})
	request := queue.ManyRequest{Command: "retry", Selection: queue.Selection{State: "dead"}, Limit: 2, Rate: 0.5}
	first := commandMany(b, request)
	request.Selection.After, request.DueAt = first.Position, first.DueAt
	commandMany(b, request)
	due := func(id string) string { return b.Get("deliveries", id).GetString("next_attempt_at")[11:19] }
	b.Equal([]string{due(ids[0]), due(ids[1]), due(ids[2])}, []string{"12:00:00", "12:00:02", "12:00:04"})
	// Its time would have run out before its turn.
	b.Equal(b.Get("deliveries", ids[2]).GetString("expires_at"), "2026-11-30 12:00:04.000Z")
}

func TestManyMeansOnlyWhatIsSelected(t *testing.T) {
	b := NewBench(t)
	d, other := b.Destination(nil), b.Destination(nil)
	ids := b.Enqueue(d, other)
	event := b.Get("deliveries", ids[0]).GetString("event")
	b.Time = b.Time.Add(time.Hour)
	ids = append(ids, b.Enqueue(d)...)
	for _, c := range []struct {
		selection queue.Selection
		count     int64
	}{
		{queue.Selection{}, 3},
		{queue.Selection{Destination: d}, 2},
		{queue.Selection{Event: event}, 2},
		{queue.Selection{Event: event, Destination: other}, 1},
		{queue.Selection{Mapping: "map000000000001"}, 3},
		{queue.Selection{Mapping: "map000000000002"}, 0},
		{queue.Selection{Account: b.Account}, 3},
		{queue.Selection{Account: "acc99999999999x"}, 0},
		{queue.Selection{From: "2026-11-23 13:00:00.000Z"}, 1},
		{queue.Selection{To: "2026-11-23 13:00:00.000Z"}, 2},
	} {
		c.selection.State = "pending"
		counted := int64(0)
		for _, one := range commandMany(b, queue.ManyRequest{Command: "cancel", Selection: c.selection, Limit: 10, DryRun: true}).Outcomes {
			counted += one.Deliveries
		}
		b.Equal(counted, c.count)
	}
	commandMany(b, queue.ManyRequest{Command: "cancel", Selection: queue.Selection{State: "pending", Destination: d}, Limit: 10})
	b.Equal([]string{b.State(ids[0]), b.State(ids[1]), b.State(ids[2])}, []string{"cancelled", "pending", "cancelled"})
	b.Equal(b.Get("deliveries", ids[0]).GetString("last_error"), "cancelled by hand")
}

func TestManyRefusesWhatItCanNotDo(t *testing.T) {
	b := NewBench(t)
	caller := audit.Caller{Actor: "x"}
	dead := queue.Selection{State: "dead"}
	for _, request := range []queue.ManyRequest{
		{Command: "drop", Selection: dead, Limit: 1, Caller: caller},
		{Command: "cancel", Selection: dead, Limit: 1, Caller: caller},
		{Command: "retry", Selection: queue.Selection{State: "delivered"}, Limit: 1, Caller: caller},
		{Command: "retry", Selection: dead, Limit: 0, Caller: caller},
		{Command: "retry", Selection: dead, Limit: 501, Caller: caller},
		{Command: "retry", Selection: dead, Limit: 1, Rate: 1001, Caller: caller},
		{Command: "retry", Selection: queue.Selection{State: "dead", From: "yesterday"}, Limit: 1, Caller: caller},
		{Command: "retry", Selection: dead, Limit: 1},
	} {
		if _, err := b.Queue.CommandMany(request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}

func TestRetryManyChoosesOneProbeForEachDestination(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	ids := b.Enqueue(d, d)
	die(b, "dead", ids...)
	b.Execute("INSERT INTO destination_health (id, account, state, failures, failing_since, opened_at, next_probe_at, cool_down_ms, probe, updated) "+
		"VALUES ({:id}, '', 'open', 10, '2026-11-23 11:00:00.000Z', '2026-11-23 11:00:00.000Z', '2026-11-23 13:00:00.000Z', 30000, '', '')", dbx.Params{"id": d})
	commandMany(b, queue.ManyRequest{Command: "retry", Selection: queue.Selection{State: "dead"}, Limit: 10})
	b.Equal(Claimed(b.Claim("a", 10)), []string{ids[0]})
}
