package queue

import (
	"pockethook/internal/policy"
)

// Queries are those that must not take longer the longer the queue is.
var Queries = map[string]string{
	"countDue": countDue, "dueDestinations": dueDestinations + selectCandidates + " LIMIT ?4", "waitingDestinations": waitingDestinations + selectCandidates + " LIMIT ?4",
	"selectDue": selectDue, "selectHead": selectHead, "selectNextAttempt": selectNextAttempt, "selectNextLeaseEnd": selectNextLeaseEnd,
	"selectNextProbe": selectNextProbe, "selectAnyDue": selectAnyDue, "selectProbe": policy.SelectProbe,
	"buryClaimed": buryClaimed, "reclaim": reclaim, "expire": expire, "selectCapacity": selectCapacity,
	"moveOn": moveOn, "extendLease": extendLease, "selectRepeated": selectRepeated, "countDuplicate": countDuplicate,
}

func (q *Queue) SetRandom(random func() float64) { q.random = random }

func (q *Queue) ServeNextAfter(destination string) { q.lastServed = destination }

const ClaimsAtMost = claimsAtMost
