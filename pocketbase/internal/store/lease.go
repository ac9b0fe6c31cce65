package store

import (
	"time"

	"pockethook/internal/fault"
)

// CheckLease validates the owner and length of a requested lease.
func CheckLease(owner string, leaseMs int64) error {
	if owner == "" || len(owner) > 100 {
		return fault.BadRequest("owner must be a text of 1 to 100 characters: it names the process that holds the lease.")
	}
	if leaseMs < 1_000 || leaseMs > time.Hour.Milliseconds() {
		return fault.BadRequest("lease_ms must be from 1000 to 3600000.")
	}
	return nil
}
