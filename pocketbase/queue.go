package main

import (
	"math/rand/v2"
	"time"
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

// queue answers accept, claim, settle, command and stats. Its clock is PocketBase's: leases never depend on the API's.
type queue struct {
	*store
	// random is from 0 to 1: probes of what failed together must not come back together.
	random func() float64
	// lastServed is the destination that the last claim ended with; the next one begins after it. Only used inside write.
	lastServed string
	rates      rates
}

func newQueue(s *store) *queue { return &queue{store: s, random: rand.Float64, rates: rates{}} }
