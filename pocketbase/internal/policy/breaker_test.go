package policy

import (
	"testing"
	"time"
)

func TestProbeTimesVary(t *testing.T) {
	for random, want := range map[float64]string{0: "2026-11-23 12:00:24.000Z", 1: "2026-11-23 12:00:36.000Z"} {
		h := breaker{state: "closed", failures: OpenAfter - 1}
		h.observe("retry", "d", time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), random)
		if h.nextProbeAt != want {
			t.Errorf("%v: %s", random, h.nextProbeAt)
		}
	}
}
