package main

// queries are those that must not take longer the longer the queue is.
var queries = map[string]string{
	"countDue": countDue, "dueDestinations": dueDestinations + selectCandidates + " LIMIT ?4", "waitingDestinations": waitingDestinations + selectCandidates + " LIMIT ?4",
	"selectDue": selectDue, "selectHead": selectHead, "selectNextAttempt": selectNextAttempt, "selectNextLeaseEnd": selectNextLeaseEnd,
	"selectNextProbe": selectNextProbe, "selectAnyDue": selectAnyDue, "selectProbe": selectProbe,
	"buryClaimed": buryClaimed, "reclaim": reclaim, "expire": expire, "selectCapacity": selectCapacity,
	"moveOn": moveOn, "extendLease": extendLease, "selectRepeated": selectRepeated, "countDuplicate": countDuplicate,
}

func (q *queue) SetRandom(random func() float64) { q.random = random }

func (q *queue) ServeNextAfter(destination string) { q.lastServed = destination }
