package queue

import (
	"database/sql"
	"encoding/json/v2"
	"math"

	"pockethook/internal/policy"
	"pockethook/internal/store"
)

// candidate is a destination that a delivery can be leased for now.
type candidate struct {
	destination string
	ordered     bool
	// probing: its breaker is open, and one delivery may be sent as a probe.
	probing bool
	// rate is nil without a rate limit.
	rate *policy.Bucket
	// free is how many may be leased for it, at least 1.
	free int
}

// fewDue is the largest number of due deliveries that are scanned one by one. With more, one destination's backlog could
// hide all others, so destinations are scanned instead.
const fewDue = 256

const countDue = `SELECT count(*) FROM (SELECT 1 FROM ` + store.ByDue + ` WHERE state = 'pending' AND next_attempt_at <= ? LIMIT ?)`

// Parameters of both: 1 now, 2 owner, 3 per destination, 4 limit, 5 start after this destination, 6 stop at this one,
// 7 the destinations whose rate limit is exhausted, 8 those that the owner can't deliver to.
const (
	// dueDestinations scans due deliveries: fast when few are due, however many others wait.
	dueDestinations = `WITH waiting (destination) AS (
		SELECT DISTINCT destination FROM ` + store.ByDue + ` WHERE state = 'pending' AND next_attempt_at <= ?1)`

	// waitingDestinations jumps through the index from one destination to the next: fast when many deliveries are due.
	waitingDestinations = `WITH RECURSIVE waiting (destination) AS (
		SELECT (SELECT destination FROM ` + store.ByDueDestination + ` WHERE state = 'pending' AND destination > ?5
			ORDER BY destination LIMIT 1)
		UNION ALL
		SELECT (SELECT destination FROM ` + store.ByDueDestination + ` WHERE state = 'pending' AND destination > waiting.destination
			ORDER BY destination LIMIT 1)
		FROM waiting WHERE waiting.destination <= ?6)`

	// selectCandidates: an ordered destination takes its oldest unfinished delivery or none; others as many as their limit
	// leaves free over all processes, and at most what this process wants per destination. With an open breaker it takes one
	// probe, if that is due and none is under way. If the probe is no longer being delivered, its process died; send another.
	selectCandidates = ` SELECT destination, ordered, rate_limit, probing, free FROM (
		SELECT w.destination, t.ordered IS TRUE AS ordered, CAST(t.rate_limit AS REAL) AS rate_limit, h.id IS NOT NULL AS probing, CASE WHEN t.ordered
			THEN (SELECT state = 'pending' AND next_attempt_at <= ?1 FROM ` + store.ByOrder + `
				WHERE ` + store.NotFinal + ` AND destination = t.id ORDER BY seq LIMIT 1)
			ELSE min(
				CASE CAST(t.max_concurrency AS INTEGER) WHEN 0 THEN 64 ELSE CAST(t.max_concurrency AS INTEGER) END
					- (SELECT count(*) FROM ` + store.ByLease + ` WHERE state = 'delivering' AND destination = t.id),
				?3 - (SELECT count(*) FROM ` + store.ByLease + ` WHERE state = 'delivering' AND destination = t.id AND lease_owner = ?2))
			END AS free
		FROM waiting w CROSS JOIN destinations t ON t.id = w.destination
			LEFT JOIN destination_health h ON h.id = t.id AND h.state != 'closed'
		WHERE w.destination > ?5 AND w.destination <= ?6 AND t.enabled AND NOT t.paused
			AND CASE h.state WHEN 'open' THEN h.next_probe_at <= ?1
				WHEN 'half_open' THEN NOT EXISTS (SELECT 1 FROM deliveries p WHERE p.id = h.probe AND +p.state = 'delivering')
				ELSE TRUE END
			AND NOT EXISTS (SELECT 1 FROM json_each(?7) e WHERE e.key = t.id AND e.value = t.rate_limit)
			AND (?8 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(?8) x WHERE x.value = t.id))
			AND EXISTS (SELECT 1 FROM ` + store.ByDueDestination + ` WHERE state = 'pending' AND destination = t.id AND next_attempt_at <= ?1)
	) WHERE free > 0`
)

// lastDestination sorts after every id.
const lastDestination = "~"

// candidates returns at most `limit` destinations, starting after the last one served. Complete is false if there may be more.
func (c *claiming) candidates() (candidates []candidate, complete bool, err error) {
	var due int
	if _, err := c.tx.Row(countDue, []any{store.FormatTime(c.now), fewDue + 1}, &due); err != nil || due == 0 {
		return nil, true, err
	}
	query := waitingDestinations + selectCandidates + ` LIMIT ?4`
	if due <= fewDue {
		query = dueDestinations + selectCandidates + ` ORDER BY destination LIMIT ?4`
	}
	c.q.rates.ForgetFull(c.now)
	after := c.q.lastServed
	for _, span := range [][2]string{{after, lastDestination}, {"", after}} {
		if err := c.addCandidates(query, span, &candidates); err != nil {
			return nil, false, err
		}
	}
	return candidates, len(candidates) < c.request.Limit, nil
}

func (c *claiming) addCandidates(query string, span [2]string, candidates *[]candidate) error {
	room := c.request.Limit - len(*candidates)
	if room == 0 || span[0] == span[1] {
		return nil
	}
	perDestination := c.request.PerDestination
	if perDestination == 0 {
		perDestination = math.MaxInt32
	}
	exhausted, err := c.q.rates.ExhaustedJSON(c.now)
	if err != nil {
		return err
	}
	except, err := json.Marshal(c.request.Except)
	if err != nil {
		return err
	}
	args := []any{store.FormatTime(c.now), c.request.Owner, perDestination, room, span[0], span[1], exhausted, string(except)}
	return c.tx.Rows(query, args, func(rows *sql.Rows) error {
		var one candidate
		var perSecond float64
		if err := rows.Scan(&one.destination, &one.ordered, &perSecond, &one.probing, &one.free); err != nil {
			return err
		}
		if one.probing {
			one.free = 1
		}
		if one.rate = c.q.rates.Of(one.destination, perSecond, c.now); one.rate != nil {
			one.free = min(one.free, one.rate.Whole())
		}
		if one.free > 0 {
			*candidates = append(*candidates, one)
		}
		return nil
	})
}
