// Package queue takes events in, leases their deliveries to API processes and records what came of them.
package queue

import (
	"math/rand/v2"
	"time"

	"pockethook/internal/policy"
	"pockethook/internal/store"
)

const (
	// claimsAtMost is how many leases in a row may end without a result: the delivery may be what kills the process.
	claimsAtMost = 5
	// defaultMaxConcurrency is DEFAULT_MAX_CONCURRENCY of api/src/model/configuration.ts.
	defaultMaxConcurrency = 64
	// renewedExpiry is what a retry by hand gives to a delivery whose time is up.
	renewedExpiry = 7 * 24 * time.Hour
	// expiresAtMost bounds how long a delivery may be tried.
	expiresAtMost = 366 * 24 * time.Hour
)

// Queue answers accept, claim, settle, command and stats. Its clock is PocketBase's: leases never depend on the API's.
type Queue struct {
	*store.Store
	// random is from 0 to 1: probes of what failed together must not come back together.
	random func() float64
	// lastServed is the destination that the last claim ended with; the next one begins after it. Only used inside write.
	lastServed string
	rates      policy.Rates
}

// New is for the one process that serves the database: it keeps rate limits in its memory.
func New(s *store.Store) *Queue { return &Queue{Store: s, random: rand.Float64, rates: policy.Rates{}} }
