// Package queue stores events, leases their deliveries to API processes and records the results.
package queue

import (
	"math/rand/v2"
	"time"

	"pockethook/internal/policy"
	"pockethook/internal/store"
)

const (
	// claimsAtMost is how many leases in a row may expire without a result; the delivery may be what crashes the process.
	claimsAtMost = 5
	// defaultMaxConcurrency is DEFAULT_MAX_CONCURRENCY of api/src/model/configuration.ts.
	defaultMaxConcurrency = 64
	// renewedExpiry is how long a delivery is tried after a manual retry, if it would have expired.
	renewedExpiry = 7 * 24 * time.Hour
	// expiresAtMost is the longest time for which a delivery may be tried.
	expiresAtMost = 366 * 24 * time.Hour
)

// Queue implements accept, claim, settle, command and stats. It uses this process's clock, so that leases don't depend on
// the clocks of API processes.
type Queue struct {
	*store.Store
	// random returns numbers from 0 to 1, for jitter: destinations that failed together must not be probed together.
	random func() float64
	// lastServed is the last destination of the previous claim; the next claim starts after it. Use only inside write.
	lastServed string
	rates      policy.Rates
}

// New makes the queue. Only one process may serve a database, since rate limits are kept in memory.
func New(s *store.Store) *Queue { return &Queue{Store: s, random: rand.Float64, rates: policy.Rates{}} }
