package live_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pockethook/internal/live"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// follower goes on from where it ended.
type follower struct {
	*Bench
	live   *live.Live
	cursor string
}

func newFollower(b *Bench) *follower {
	f := &follower{Bench: b, live: live.New(b.Store)}
	f.read(live.Request{})
	return f
}

func (f *follower) read(request live.Request) live.Answer {
	f.Helper()
	request.After = f.cursor
	answer, err := f.live.Follow(context.Background(), request)
	f.Must(err)
	f.cursor = answer.Cursor
	return answer
}

// seen names what changed: an event by its id, a delivery by its id and state.
func (f *follower) seen() (names []string) {
	f.Helper()
	names = []string{}
	for _, row := range f.read(live.Request{}).Rows {
		if row.Event != nil {
			names = append(names, row.Event.ID)
		} else {
			names = append(names, row.Delivery.ID+" "+row.Delivery.State)
		}
	}
	return names
}

func TestFollowsWhatIsAcceptedAndSettled(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	event, planned := b.Event(nil), b.Planned(b.Destination(nil), Object{"lease": true})
	id := planned["id"].(string)
	b.Accept(Item(event, planned))
	b.Equal(f.seen(), []string{event["id"].(string), id + " delivering"})
	b.Equal(f.seen(), []string{})
	b.Deliver("a", id, 1)
	b.Equal(f.seen(), []string{id + " delivered"})
}

func TestRowsAreThoseOfTheLists(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	event, planned := b.Event(Object{"extracted": Object{"n": 1}}), b.Planned(b.Destination(nil), nil)
	b.Accept(Item(event, planned))
	rows := f.read(live.Request{}).Rows
	for _, shown := range []struct {
		row, id    any
		collection string
		besides    []string
	}{
		{rows[0].Event, event["id"], "events", []string{"collectionId", "collectionName", "headers"}},
		{rows[1].Delivery, planned["id"], "deliveries", []string{"collectionId", "collectionName", "request_body", "request_values", "tries_used",
			"lease_owner", "lease_until", "lease_token", "claims"}},
	} {
		want := b.Get(shown.collection, shown.id.(string)).PublicExport()
		for _, name := range shown.besides {
			delete(want, name)
		}
		b.Equal(shown.row, want)
	}
}

func TestTellsEachRowOnceHoweverOftenItChanged(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	event, planned := b.Event(nil), b.Planned(b.Destination(nil), Object{"lease": true})
	id := planned["id"].(string)
	b.Accept(Item(event, planned))
	b.Deliver("a", id, 1)
	b.Equal(f.seen(), []string{event["id"].(string), id + " delivered"})
}

func TestTellsWhatSavesOfDestinationsDo(t *testing.T) {
	s := Serve(t)
	f := newFollower(s.Bench)
	destination := s.Destination(nil)
	planned := s.Planned(destination, nil)
	id := planned["id"].(string)
	s.Accept(Item(s.Event(nil), planned))
	f.seen()
	s.Update("destinations", destination, Object{"enabled": false})
	s.Equal(f.seen(), []string{id + " held"})
	s.Must(s.App.Delete(s.Get("destinations", destination)))
	s.Equal(f.seen(), []string{id + " cancelled"})
}

func TestTellsNothingOfWhatWasUndone(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	event, planned := b.Event(nil), b.Planned(b.Destination(nil), nil)
	// The delivery is one of another event, so the second item fails in its savepoint.
	b.Accept(Item(event, planned), Item(b.Event(nil), planned))
	b.Equal(f.seen(), []string{event["id"].(string), planned["id"].(string) + " pending"})

	refused := errors.New("no")
	if err := b.Store.Write(func(tx *store.Transaction) error {
		_, err := tx.Exec("UPDATE deliveries SET state = 'dead'")
		return errors.Join(refused, err)
	}); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	b.Equal(f.seen(), []string{})
}

func TestWaitsForTheNextChange(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	answers := make(chan live.Answer, 1)
	go func() {
		answer, err := f.live.Follow(context.Background(), live.Request{After: f.cursor, WaitMs: 8000})
		b.Must(err)
		answers <- answer
	}()
	event := b.Event(nil)
	b.Accept(Item(event))
	b.Equal((<-answers).Rows[0].Event.ID, event["id"])

	gone, leave := context.WithCancel(context.Background())
	leave()
	answer, err := f.live.Follow(gone, live.Request{After: f.read(live.Request{}).Cursor, WaitMs: 8000})
	b.Must(err)
	b.Equal(len(answer.Rows), 0)
}

func TestResetsWhereTheChangesAreNotKnownAnyMore(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	for _, cursor := range []string{"x", "-1", "abcdefgh-0", f.cursor + "9", f.cursor[:9] + "-1"} {
		answer, err := f.live.Follow(context.Background(), live.Request{After: cursor, WaitMs: 8000})
		b.Must(err)
		b.Equal(answer, live.Answer{Cursor: f.cursor, Reset: true, Rows: []live.Row{}})
	}
	// More than is remembered, in one transaction: a pause of a destination with a long queue does that.
	b.Fill(1, 1)
	b.Equal(f.read(live.Request{}).Reset, false)
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000)
		INSERT INTO deliveries (id, account, event, destination, state, seq) SELECT printf('many%d', i), 'a', 'e', 'd', 'dead', -i FROM n`, nil)
	b.Must(b.Store.PublishChanges())
	b.Equal(f.read(live.Request{}).Reset, true)
	b.Equal(f.seen(), []string{})
	event := b.Event(nil)
	b.Accept(Item(event))
	b.Equal(f.seen(), []string{event["id"].(string)})
}

// 1,000 changes are told in several answers, none lost, none twice.
func TestGoesOnPageByPage(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	want := []string{}
	for range 5 {
		items := []Object{}
		for range 500 {
			event := b.Event(nil)
			items, want = append(items, Item(event)), append(want, fmt.Sprint(event["id"]))
		}
		b.Accept(items...)
	}
	got := []string{}
	for page := f.seen(); len(page) > 0; page = f.seen() {
		got = append(got, page...)
	}
	b.Equal(got, want)
}

func TestBoundsAnAnswerByLength(t *testing.T) {
	b := NewBench(t)
	f := newFollower(b)
	long := make([]byte, 300_000)
	for i := range long {
		long[i] = 'x'
	}
	for range 5 {
		b.Accept(Item(b.Event(Object{"extracted": Object{"long": string(long)}})))
	}
	b.Equal([]int{len(f.seen()), len(f.seen()), len(f.seen())}, []int{2, 2, 1})
}
