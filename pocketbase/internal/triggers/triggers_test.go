package triggers_test

import (
	"encoding/json/jsontext"
	"strings"
	"testing"
	"time"

	. "pockethook/internal/testkit"
	"pockethook/internal/triggers"
)

func lease(b *Bench, owner string, ms int64) triggers.Lease {
	b.Helper()
	answer, err := triggers.New(b.Store).Lease(triggers.LeaseRequest{Owner: owner, LeaseMs: ms})
	b.Must(err)
	return answer
}

func TestOneEvaluatesAtATimeAndAnotherTakesOver(t *testing.T) {
	b := NewBench(t)
	began := b.Now().UnixMilli()
	first := lease(b, "a", 5_000)
	b.Equal([]any{first.Held, first.Epoch, first.CountingSince}, []any{true, int64(1), began})
	b.Equal(lease(b, "b", 5_000).Held, false)

	b.Time = b.Time.Add(4 * time.Second)
	b.Equal(lease(b, "a", 5_000).Epoch, int64(1))
	b.Time = b.Time.Add(5 * time.Second)
	second := lease(b, "b", 5_000)
	b.Equal([]any{second.Held, second.Epoch, second.CountingSince}, []any{true, int64(2), began})
	b.Equal(lease(b, "a", 5_000).Held, false)
}

func TestALeaseThatIsGivenBackIsTakenAtOnce(t *testing.T) {
	b := NewBench(t)
	lease(b, "a", 5_000)
	lease(b, "b", 0)
	b.Equal(lease(b, "b", 5_000).Held, false)
	lease(b, "a", 0)
	b.Equal(lease(b, "b", 5_000).Epoch, int64(2))
}

func TestALongPauseIsAGapOfWhatWasCounted(t *testing.T) {
	b := NewBench(t)
	began := lease(b, "a", 5_000).CountingSince
	b.Time = b.Time.Add(65 * time.Second)
	b.Equal(lease(b, "a", 5_000).CountingSince, began)
	b.Time = b.Time.Add(65*time.Second + time.Millisecond)
	answer := lease(b, "a", 5_000)
	b.Equal([]any{answer.Held, answer.Epoch, answer.CountingSince}, []any{true, int64(1), b.Now().UnixMilli()})
}

func advance(epoch, stateEpoch int64, phase string) triggers.Advance {
	return triggers.Advance{
		Trigger: "trg000000000001", Epoch: epoch, StateEpoch: stateEpoch, State: jsontext.Value(`{"phase":"` + phase + `"}`),
	}
}

func save(b *Bench, items ...triggers.Advance) []bool {
	b.Helper()
	answer, err := triggers.New(b.Store).Save(triggers.SaveRequest{Items: items})
	b.Must(err)
	return answer.Results
}

func states(b *Bench, ids ...string) []triggers.State {
	b.Helper()
	answer, err := triggers.New(b.Store).States(triggers.StatesRequest{Triggers: ids})
	b.Must(err)
	return answer.States
}

func TestAStateMovesOnUnderBothEpochsOnly(t *testing.T) {
	b := NewBench(t)
	b.Equal(save(b, advance(1, 0, "armed")), []bool{false})
	lease(b, "a", 5_000)
	b.Equal(save(b, advance(1, 1, "armed"), advance(1, 0, "armed"), advance(1, 0, "muted"), advance(1, 1, "firing")),
		[]bool{false, true, false, true})
	b.Time = b.Time.Add(5 * time.Second)
	lease(b, "b", 5_000)
	b.Equal(save(b, advance(1, 2, "cooling"), advance(2, 1, "cooling")), []bool{false, false})
	b.Equal(states(b), []Object{{"trigger": "trg000000000001", "epoch": 2, "state": Object{"phase": "firing"}}})
	b.Equal(states(b, "trg000000000001", "other"), states(b))
	b.Equal(len(states(b, "other")), 0)
}

func TestAStateGoesWithItsTrigger(t *testing.T) {
	b := NewBench(t)
	site := b.Save("sites", Object{"domain": "example.com", "enabled": true})
	trigger := b.Save("triggers", Object{"site": site.Id, "name": "t", "type": "visitor_spike", "threshold": 3, "enabled": true})
	lease(b, "a", 5_000)
	kept, gone := advance(1, 0, "armed"), advance(1, 0, "armed")
	gone.Trigger = trigger.Id
	b.Equal(save(b, kept, gone), []bool{true, true})
	b.Must(b.App.Delete(site))
	b.Equal(states(b), []Object{{"trigger": kept.Trigger, "epoch": 1, "state": Object{"phase": "armed"}}})
}

func TestAFiringIsStoredWithTheStateOrNotAtAll(t *testing.T) {
	b := NewBench(t)
	destination := b.Destination(nil)
	lease(b, "a", 5_000)
	fire := func(epoch, stateEpoch int64) (Object, Object) {
		event := b.Event(Object{"source": "", "trigger": "trg000000000001", "type": "visitor.spike"})
		item := Item(event, b.Planned(destination, Object{"mapping": ""}))
		item["firing"] = advance(epoch, stateEpoch, "firing")
		return item, event
	}
	first, event := fire(1, 0)
	b.Equal(b.Accept(first)[0].Status, "accepted")
	b.Equal(b.Get("events", event["id"].(string)).GetString("trigger"), "trg000000000001")
	// Without an answer it is sent again, and is the same.
	b.Equal(b.Accept(first)[0].Status, "accepted")
	b.Equal(states(b)[0].Epoch, int64(1))

	late, event := fire(1, 0)
	b.Equal(b.Accept(late)[0].Status, "stale")
	b.Equal(b.Count("SELECT count(*) FROM events WHERE id = '"+event["id"].(string)+"'"), 0)

	b.Time = b.Time.Add(5 * time.Second)
	lease(b, "b", 5_000)
	old, _ := fire(1, 1)
	current, _ := fire(2, 1)
	b.Equal([]string{b.Accept(old)[0].Status, b.Accept(current)[0].Status}, []string{"stale", "accepted"})
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 2)
}

func TestAStateThatIsNoneIsRefused(t *testing.T) {
	b := NewBench(t)
	lease(b, "a", 5_000)
	for _, state := range []string{`[]`, `"x"`, `{"x":"` + strings.Repeat("x", 9_000) + `"}`} {
		item := advance(1, 0, "armed")
		item.State = jsontext.Value(state)
		_, err := triggers.New(b.Store).Save(triggers.SaveRequest{Items: []triggers.Advance{item}})
		if err == nil {
			t.Errorf("%.20s was saved", state)
		}
	}
}
