package main

import (
	"testing"
	"time"
)

func TestRateLimitHoldsOverAllProcesses(t *testing.T) {
	b := newBench(t)
	d := b.destination(object{"rate_limit": 5})
	for range 20 {
		b.enqueue(d)
	}
	// The claim begins in the middle: destinations are looked at in two parts.
	b.queue.serveNextAfter("0")
	// One second's worth at once, whoever asks.
	b.equal(len(b.claim("a", 3).Deliveries), 3)
	answer := b.claim("b", 10)
	b.equal(len(answer.Deliveries), 2)
	b.equal(answer.NextDueInMs, 201)
	sent := 0
	for range 100 {
		b.time = b.time.Add(20 * time.Millisecond)
		sent += len(b.claim("a", 10).Deliveries)
	}
	b.equal(sent, 10)
}

func TestRateLimitBelowOnePerSecond(t *testing.T) {
	b := newBench(t)
	d := b.destination(object{"rate_limit": 0.5})
	b.enqueue(d, d)
	b.equal(len(b.claim("a", 10).Deliveries), 1)
	answer := b.claim("a", 10)
	b.equal(claimed(answer), none)
	b.equal(answer.NextDueInMs, 2001)
	b.time = b.time.Add(2 * time.Second)
	b.equal(len(b.claim("a", 10).Deliveries), 1)
}

func TestRateLimitOfAcceptLeases(t *testing.T) {
	b := newBench(t)
	d, other := b.destination(object{"rate_limit": 2}), b.destination(nil)
	lease := func(destinations ...string) int {
		var planned []object
		for _, destination := range destinations {
			planned = append(planned, b.planned(destination, object{"lease": true}))
		}
		return len(b.accept(item(b.event(nil), planned...))[0].Leased)
	}
	b.equal(lease(d, d, d, other), 3)
	b.equal(claimed(b.claim("a", 10)), none)
	// What waits goes first: nothing new goes past it when there is a token again.
	b.time = b.time.Add(time.Second)
	b.equal(lease(d), 0)
	b.equal(len(b.claim("a", 10).Deliveries), 2)
	b.time = b.time.Add(time.Second)
	b.equal(lease(d), 1)
}

func TestRateLimitLeavesRoomForOthers(t *testing.T) {
	b := newBench(t)
	var slow []string
	for range 5 {
		slow = append(slow, b.destination(object{"rate_limit": 0.1}))
	}
	fast := b.destination(nil)
	b.enqueue(append(slow, slow...)...)
	b.equal(len(b.claim("a", 10).Deliveries), 5)
	waiting := b.enqueue(fast)
	// Exhausted destinations take no place among the candidates.
	b.equal(claimed(b.claim("a", 1)), waiting)
}

func TestRateLimitEditedCountsAtOnce(t *testing.T) {
	b := newBench(t)
	d := b.destination(object{"rate_limit": 0.01})
	b.enqueue(d, d, d)
	b.equal(len(b.claim("a", 10).Deliveries), 1)
	b.update("destinations", d, object{"rate_limit": 0})
	b.equal(len(b.claim("a", 10).Deliveries), 2)
}
