package main

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	// claimsAtMost is how many leases in a row may end without a result: the delivery may be what kills the process.
	claimsAtMost = 5
	// defaultMaxConcurrency is DEFAULT_MAX_CONCURRENCY of api/src/model/configuration.ts.
	defaultMaxConcurrency = 64
	// renewedExpiry is what a retry by hand gives to a delivery whose time is up.
	renewedExpiry = 7 * 24 * time.Hour
)

// queue answers accept, claim, settle, command and stats. Its clock is PocketBase's: leases never depend on the API's.
type queue struct {
	app        core.App
	writer     *dbx.DB
	statements statements
	now        func() time.Time
	// random is from 0 to 1: probes of what failed together must not come back together.
	random func() float64
	limits limits
	// lastServed is the destination that the last claim ended with; the next one begins after it. Only used inside write.
	lastServed string
	rates      rates
	storage    *storage
	// retaining lets one retain at a time delete.
	retaining sync.Mutex
}

var errNoDatabase = errors.New("the queue needs the database itself, not a transaction")

func newQueue(app core.App, now func() time.Time) (*queue, error) {
	writer, ok := app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return nil, errNoDatabase
	}
	limits, err := readLimits(app)
	if err != nil {
		return nil, err
	}
	q := &queue{app: app, writer: writer, now: now, random: rand.Float64, storage: newStorage(app.DataDir()), limits: limits, rates: rates{}}
	q.statements.prepared = map[string]*sql.Stmt{}
	return q, nil
}

// storeTime is PocketBase's text form of a time; it sorts as the time does.
func storeTime(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

func parseStoreTime(text string) (time.Time, error) { return time.Parse(types.DefaultDateLayout, text) }

// afterPending is what `pending` comes to: `held` while the destination is disabled or paused, `cancelled` once it is deleted.
const afterPending = `CASE (SELECT enabled AND NOT paused FROM destinations WHERE id = deliveries.destination)
	WHEN TRUE THEN 'pending' WHEN FALSE THEN 'held' ELSE 'cancelled' END`

// The table by one of its partial indexes. Left to itself, SQLite takes the index of states, which grows with every delivery.
const (
	byDue            = `deliveries INDEXED BY idx_deliveries_due`
	byDueDestination = `deliveries INDEXED BY idx_deliveries_due_destination`
	byLease          = `deliveries INDEXED BY idx_deliveries_leased`
	byOrder          = `deliveries INDEXED BY idx_deliveries_order`
	byExpiry         = `deliveries INDEXED BY idx_deliveries_expiry`
)

const notFinal = `(state = 'pending' OR state = 'delivering' OR state = 'held')`
