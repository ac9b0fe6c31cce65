package store

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// positionsKept is how many changes of rows are remembered: half a minute at full load, for 1 MB.
const positionsKept = 1 << 16

// Change is a row of Table that was inserted or updated.
type Change struct {
	Table string
	Row   int64
	// At is the change's position in the order of commits.
	At int64
}

// kept is a Change at its position: without pointers, which the garbage collector would follow each time.
type kept struct {
	row   int64
	table uint8
}

// Changes knows the newest changes of events and deliveries, so that whoever follows them needn't search the tables. It is
// in memory only: positions of one process mean nothing to the next, which is what the epoch in a cursor is for.
type Changes struct {
	tables []string
	epoch  string

	mu sync.Mutex
	// pending are of transactions that may not have ended. Only one writes at a time.
	pending []kept
	// lost: there were too many pending ones to keep them all.
	lost bool
	// kept has the change of each position in (newest - positionsKept, newest], at position % positionsKept; nil before the first, since
	// of all pools of connections only one writes what is watched.
	kept   []kept
	newest int64
	// oldest is the position from which on nothing is missing.
	oldest int64
	// more is closed when changes are published.
	more chan struct{}
}

func newChanges(tables ...string) *Changes {
	return &Changes{tables: tables, epoch: strings.ToLower(rand.Text()[:8]), more: make(chan struct{})}
}

// note is called for each row that is about to be written, in whichever way.
func (c *Changes) note(table string, row int64) {
	number := slices.Index(c.tables, table)
	if number < 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) == positionsKept {
		c.lost = true
		return
	}
	c.pending = append(c.pending, kept{row, uint8(number)})
}

// take returns what the current transaction changed, which is then no longer pending. Call it before the commit.
func (c *Changes) take() (changes []kept, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changes, lost = c.pending, c.lost
	c.pending, c.lost = nil, false
	return changes, lost
}

func (c *Changes) arePending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pending) > 0
}

// publish gives positions to the changes of a transaction that has been committed. If some were lost, nobody can go on from
// before.
func (c *Changes) publish(changes []kept, lost bool) {
	if len(changes) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = make([]kept, positionsKept)
	}
	for _, change := range changes {
		c.newest++
		c.kept[c.newest%positionsKept] = change
	}
	c.oldest = max(c.oldest, c.newest-positionsKept)
	if lost {
		c.newest++
		c.oldest = c.newest
	}
	close(c.more)
	c.more = make(chan struct{})
}

// Since returns up to limit changes after a cursor, oldest first, and the channel that is closed when there are more.
// Known is false if the cursor is of another process or too old: then it returns nothing.
func (c *Changes) Since(cursor string, limit int) (changes []Change, more <-chan struct{}, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	epoch, position, _ := strings.Cut(cursor, "-")
	at, err := strconv.ParseInt(position, 10, 64)
	if err != nil || epoch != c.epoch || at < c.oldest || at > c.newest {
		return nil, c.more, false
	}
	for at < c.newest && len(changes) < limit {
		at++
		one := c.kept[at%positionsKept]
		changes = append(changes, Change{Table: c.tables[one.table], Row: one.row, At: at})
	}
	return changes, c.more, true
}

// More is closed when the next change is published.
func (c *Changes) More() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.more
}

// Newest is the cursor after all changes so far.
func (c *Changes) Newest() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Cursor(c.newest)
}

// Cursor is the text form of a position.
func (c *Changes) Cursor(at int64) string { return fmt.Sprintf("%s-%d", c.epoch, at) }
