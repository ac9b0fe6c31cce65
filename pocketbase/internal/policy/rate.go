package policy

import (
	"encoding/json/v2"
	"math"
	"time"
)

// collectAtLeast is the shortest wait for tokens, so that a high rate limit doesn't cause a claim for each token.
const collectAtLeast = 50 * time.Millisecond

// Rates are the token buckets of the destinations with a rate limit. Only this process gives leases, so keeping them in its
// memory limits all API processes together; a restart fills the buckets. Use only inside a write transaction, which
// serialises access. A lease that is rolled back or given back doesn't return its token: too slow is better than too fast.
type Rates map[string]*Bucket

// Bucket is a token bucket. Its capacity is one second's worth of tokens, at least 1.
type Bucket struct {
	perSecond, tokens float64
	filledAt          time.Time
}

// Of returns the refilled bucket of a destination; nil if it has no rate limit.
func (r Rates) Of(destination string, perSecond float64, now time.Time) *Bucket {
	if perSecond <= 0 {
		delete(r, destination)
		return nil
	}
	b := r[destination]
	if b == nil {
		b = &Bucket{perSecond: perSecond, tokens: math.Max(1, perSecond), filledAt: now}
		r[destination] = b
	}
	b.perSecond = perSecond
	b.fill(now)
	return b
}

func (b *Bucket) fill(now time.Time) {
	passed := math.Max(0, now.Sub(b.filledAt).Seconds())
	b.tokens = math.Min(b.tokens+passed*b.perSecond, math.Max(1, b.perSecond))
	b.filledAt = now
}

// Whole is how many deliveries may be sent now. Refills may add up to a rounding error less than a token; that counts as one.
func (b *Bucket) Whole() int { return int(b.tokens + 1e-9) }

// Take removes one token.
func (b *Bucket) Take() { b.tokens-- }

// RefillIn is how long it takes until there is a token again.
func (b *Bucket) RefillIn() time.Duration {
	wait := time.Duration((1 - b.tokens) / b.perSecond * float64(time.Second))
	return max(wait, collectAtLeast)
}

// Exhausted returns the buckets without a whole token.
func (r Rates) Exhausted(now time.Time) map[string]*Bucket {
	empty := map[string]*Bucket{}
	for destination, b := range r {
		b.fill(now)
		if b.Whole() < 1 {
			empty[destination] = b
		}
	}
	return empty
}

// ForgetFull deletes full buckets, which are the same as new ones. Call only while no candidate points at a bucket.
func (r Rates) ForgetFull(now time.Time) {
	for destination, b := range r {
		b.fill(now)
		if b.tokens >= math.Max(1, b.perSecond) {
			delete(r, destination)
		}
	}
}

// ExhaustedJSON lists the exhausted destinations for SQL, each with its limit, so that a changed limit counts at once.
func (r Rates) ExhaustedJSON(now time.Time) (string, error) {
	limits := map[string]float64{}
	for destination, b := range r.Exhausted(now) {
		limits[destination] = b.perSecond
	}
	encoded, err := json.Marshal(limits)
	return string(encoded), err
}
