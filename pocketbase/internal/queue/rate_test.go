package queue_test

import (
	"testing"
	"time"

	. "pockethook/internal/testkit"
)

func TestRateLimitHoldsOverAllProcesses(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"rate_limit": 5})
	for range 20 {
		b.Enqueue(d)
	}
	// The claim begins in the middle: destinations are looked at in two parts.
	b.Queue.ServeNextAfter("0")
	// One second's worth at once, whoever asks.
	b.Equal(len(b.Claim("a", 3).Deliveries), 3)
	answer := b.Claim("b", 10)
	b.Equal(len(answer.Deliveries), 2)
	b.Equal(answer.NextDueInMs, 201)
	sent := 0
	for range 100 {
		b.Time = b.Time.Add(20 * time.Millisecond)
		sent += len(b.Claim("a", 10).Deliveries)
	}
	b.Equal(sent, 10)
}

func TestRateLimitBelowOnePerSecond(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"rate_limit": 0.5})
	b.Enqueue(d, d)
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
	answer := b.Claim("a", 10)
	b.Equal(Claimed(answer), None)
	b.Equal(answer.NextDueInMs, 2001)
	b.Time = b.Time.Add(2 * time.Second)
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
}

func TestRateLimitOfAcceptLeases(t *testing.T) {
	b := NewBench(t)
	d, other := b.Destination(Object{"rate_limit": 2}), b.Destination(nil)
	lease := func(destinations ...string) int {
		var planned []Object
		for _, destination := range destinations {
			planned = append(planned, b.Planned(destination, Object{"lease": true}))
		}
		return len(b.Accept(Item(b.Event(nil), planned...))[0].Leased)
	}
	b.Equal(lease(d, d, d, other), 3)
	b.Equal(Claimed(b.Claim("a", 10)), None)
	// What waits goes first: nothing new goes past it when there is a token again.
	b.Time = b.Time.Add(time.Second)
	b.Equal(lease(d), 0)
	b.Equal(len(b.Claim("a", 10).Deliveries), 2)
	b.Time = b.Time.Add(time.Second)
	b.Equal(lease(d), 1)
}

func TestRateLimitLeavesRoomForOthers(t *testing.T) {
	b := NewBench(t)
	var slow []string
	for range 5 {
		slow = append(slow, b.Destination(Object{"rate_limit": 0.1}))
	}
	fast := b.Destination(nil)
	b.Enqueue(append(slow, slow...)...)
	b.Equal(len(b.Claim("a", 10).Deliveries), 5)
	waiting := b.Enqueue(fast)
	// Exhausted destinations take no place among the candidates.
	b.Equal(Claimed(b.Claim("a", 1)), waiting)
}

func TestRateLimitEditedCountsAtOnce(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"rate_limit": 0.01})
	b.Enqueue(d, d, d)
	b.Equal(len(b.Claim("a", 10).Deliveries), 1)
	b.Update("destinations", d, Object{"rate_limit": 0})
	b.Equal(len(b.Claim("a", 10).Deliveries), 2)
}
