// Package live tells which events and deliveries changed, as they are now, to those who follow them.
package live

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

const (
	// waitAtMost is below the time after which the API service takes this one for dead.
	waitAtMost = 8 * time.Second
	// changesAtMost is how many changes one answer looks at.
	changesAtMost = 1000
	// lengthAtMost bounds the rows of one answer, which has one at least. The API service lets a client have a few of them waiting.
	lengthAtMost = 512 << 10
)

// Live answers from the store's memory of changes, and reads the rows on reading connections.
type Live struct{ *store.Store }

// New makes Live on an open store.
func New(s *store.Store) *Live { return &Live{s} }

// Request asks for what changed after a cursor, and waits up to WaitMs until something has. An empty cursor asks where
// to begin.
type Request struct {
	After  string `json:"after"`
	WaitMs int64  `json:"wait_ms"`
}

// Answer has each row that changed once, as it is now, in the order of their last changes.
type Answer struct {
	// Cursor is where to go on from.
	Cursor string `json:"cursor"`
	// Reset: what changed since is not known any more. The rows have to be read anew.
	Reset bool  `json:"reset"`
	Rows  []Row `json:"rows"`
}

// Row is one event or delivery; Cursor is the position of its last change.
type Row struct {
	Cursor   string    `json:"cursor"`
	Event    *Event    `json:"event,omitzero"`
	Delivery *Delivery `json:"delivery,omitzero"`
	// Of is the event of the delivery; nil: retention has deleted it.
	Of *EventOf `json:"of,omitzero"`
}

// Follow answers as soon as something changed. It ends early when the caller is gone.
func (l *Live) Follow(ctx context.Context, request Request) (Answer, error) {
	if request.WaitMs < 0 || request.WaitMs > waitAtMost.Milliseconds() {
		return Answer{}, fault.BadRequest("wait_ms must be from 0 to 8000.")
	}
	if request.After == "" {
		return Answer{Cursor: l.Changes.Newest(), Rows: []Row{}}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(request.WaitMs)*time.Millisecond)
	defer cancel()
	for {
		changes, more, known := l.Changes.Since(request.After, changesAtMost)
		if !known {
			return Answer{Cursor: l.Changes.Newest(), Reset: true, Rows: []Row{}}, nil
		}
		if len(changes) > 0 {
			return l.read(changes)
		}
		select {
		case <-more:
		case <-ctx.Done():
			return Answer{Cursor: request.After, Rows: []Row{}}, nil
		}
	}
}

// read reads each changed row once. Rows may be newer than the changes; those are then told again.
func (l *Live) read(changes []store.Change) (Answer, error) {
	answer := Answer{Cursor: l.Changes.Cursor(changes[len(changes)-1].At), Rows: []Row{}}
	latest := latestOf(changes)
	events, err := readRows[Event](l.App.ConcurrentDB(), selectEvents, rowsOf(latest, "events"))
	if err != nil {
		return Answer{}, err
	}
	deliveries, err := readRows[Delivery](l.App.ConcurrentDB(), selectDeliveries, rowsOf(latest, "deliveries"))
	if err != nil {
		return Answer{}, err
	}
	of, err := readEventsOf(l.App.ConcurrentDB(), deliveries)
	if err != nil {
		return Answer{}, err
	}
	length := 0
	for _, change := range latest {
		row := Row{Cursor: l.Changes.Cursor(change.At)}
		if change.Table == "events" {
			row.Event = events[change.Row]
		} else {
			if row.Delivery = deliveries[change.Row]; row.Delivery != nil {
				row.Of = of[row.Delivery.Event]
			}
		}
		if row.Event == nil && row.Delivery == nil {
			continue // its transaction or savepoint was undone, or retention has deleted it
		}
		answer.Rows = append(answer.Rows, row)
		if length += row.length(); length > lengthAtMost {
			answer.Cursor = row.Cursor
			break
		}
	}
	return answer, nil
}

// latestOf keeps the last change of each row, in their order.
func latestOf(changes []store.Change) []store.Change {
	type row struct {
		table string
		row   int64
	}
	last := map[row]store.Change{}
	for _, change := range changes {
		last[row{change.Table, change.Row}] = change
	}
	latest := make([]store.Change, 0, len(last))
	for _, change := range last {
		latest = append(latest, change)
	}
	slices.SortFunc(latest, func(a, b store.Change) int { return cmp.Compare(a.At, b.At) })
	return latest
}

func rowsOf(changes []store.Change, table string) (rows []int64) {
	for _, change := range changes {
		if change.Table == table {
			rows = append(rows, change.Row)
		}
	}
	return rows
}
