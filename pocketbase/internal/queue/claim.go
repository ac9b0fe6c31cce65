package queue

import (
	"database/sql"
	"encoding/json/jsontext"
	"time"

	"pockethook/internal/fault"
	"pockethook/internal/policy"
	"pockethook/internal/store"
	"pockethook/internal/traffic"
)

// ClaimRequest asks for deliveries that are due.
type ClaimRequest struct {
	Owner   string `json:"owner"`
	LeaseMs int64  `json:"lease_ms"`
	Limit   int    `json:"limit"`
	// PerDestination is how many leases the owner may hold for one destination; 0: as many as the destination allows.
	PerDestination int `json:"per_destination"`
	// MaxLength ends the claim when the bodies reach it, the last one included. 0, or more than 16 MiB: 16 MiB.
	MaxLength int `json:"max_length"`
	// Except are destinations that the owner can't deliver to; their deliveries stay pending.
	Except []string `json:"except"`
	// Gone tells whether the caller has disconnected; nil: never.
	Gone func() bool `json:"-"`
}

// LeasedDelivery is LeasedDelivery of api/src/model/delivery.ts.
type LeasedDelivery struct {
	ID                  string         `json:"id"`
	Account             string         `json:"account"`
	Event               EventReference `json:"event"`
	Mapping             string         `json:"mapping"`
	Destination         string         `json:"destination"`
	LeaseToken          int64          `json:"lease_token"`
	AttemptsMade        int64          `json:"attempts_made"`
	TriesUsed           int64          `json:"tries_used"`
	RequestBody         string         `json:"request_body"`
	RequestBodyEncoding string         `json:"request_body_encoding"`
	RequestContentType  string         `json:"request_content_type"`
	RequestValues       jsontext.Value `json:"request_values,omitzero"`
	ExpiresAt           int64          `json:"expires_at"`
}

// EventReference holds the fields of its event that a delivery needs.
type EventReference struct {
	ID            string `json:"id"`
	Source        string `json:"source"`
	Type          string `json:"type"`
	CorrelationID string `json:"correlation_id"`
	Traceparent   string `json:"traceparent"`
	Hops          int64  `json:"hops"`
}

// ClaimAnswer holds the leased deliveries, and when to claim again.
type ClaimAnswer struct {
	store.Versions
	Deliveries []LeasedDelivery `json:"deliveries"`
	// NextDueInMs is null when no delivery waits for a later time.
	NextDueInMs *int64 `json:"next_due_in_ms"`
	// Reclaimed, Dead and Expired count the deliveries that the claim moved to another state before it leased any.
	Reclaimed int64 `json:"reclaimed"`
	Dead      int64 `json:"dead"`
	Expired   int64 `json:"expired"`
}

const (
	claimAtMost = 1000
	// claimLengthAtMost bounds the bodies of one claim, since its answer is held in memory twice.
	claimLengthAtMost = 16 << 20
)

// Claim handles expired leases and deliveries, then leases due deliveries, fairly over destinations.
func (q *Queue) Claim(request ClaimRequest) (ClaimAnswer, error) {
	if err := store.CheckLease(request.Owner, request.LeaseMs); err != nil {
		return ClaimAnswer{}, err
	}
	if request.Limit < 1 || request.Limit > claimAtMost || request.PerDestination < 0 || request.MaxLength < 0 {
		return ClaimAnswer{}, fault.BadRequest("limit must be from 1 to 1000, per_destination and max_length 0 or more.")
	}
	if request.MaxLength == 0 || request.MaxLength > claimLengthAtMost {
		request.MaxLength = claimLengthAtMost
	}
	answer := ClaimAnswer{Deliveries: []LeasedDelivery{}}
	err := q.Write(func(tx *store.Transaction) error {
		c := &claiming{q: q, tx: tx, request: request, now: q.Now()}
		if err := c.tidy(&answer); err != nil {
			return err
		}
		candidates, complete, err := c.candidates()
		if err != nil {
			return err
		}
		more, err := c.lease(candidates, &answer)
		if err != nil {
			return err
		}
		if answer.NextDueInMs, err = c.nextDue(more || !complete); err != nil {
			return err
		}
		if request.Gone != nil && request.Gone() {
			return fault.BadRequest("The caller is gone; nothing was leased.")
		}
		answer.Versions, err = store.ReadVersions(tx)
		return err
	})
	return answer, err
}

// claiming is one claim under way.
type claiming struct {
	q       *Queue
	tx      *store.Transaction
	request ClaimRequest
	now     time.Time
}

const buryClaimed = `UPDATE ` + store.ByLease + ` SET state = 'dead', lease_owner = '', lease_until = '', updated = ?1,
	last_error = 'claimed 5 times without a result: it may be what stops the process that delivers it'
	WHERE state = 'delivering' AND lease_until <= ?1 AND claims >= ?2 RETURNING account`

const reclaim = `UPDATE ` + store.ByLease + ` SET state = ` + store.AfterPending + `, next_attempt_at = ?1, lease_owner = '', lease_until = '', updated = ?1
	WHERE state = 'delivering' AND lease_until <= ?1`

const expire = `UPDATE ` + store.ByExpiry + ` SET state = 'expired', last_error = 'its time ran out before it was delivered', updated = ?1
	WHERE (state = 'pending' OR state = 'held') AND expires_at <= ?1 RETURNING account`

func (c *claiming) tidy(answer *ClaimAnswer) (err error) {
	now, tally := store.FormatTime(c.now), traffic.NewTally()
	if answer.Dead, err = c.end(tally, buryClaimed, now, claimsAtMost); err != nil {
		return err
	}
	if answer.Reclaimed, err = c.tx.Exec(reclaim, now); err != nil {
		return err
	}
	if answer.Expired, err = c.end(tally, expire, now); err != nil {
		return err
	}
	return tally.Save(c.tx, c.now)
}

// end counts the deliveries that a statement ends.
func (c *claiming) end(tally *traffic.Tally, query string, args ...any) (ended int64, err error) {
	err = c.tx.Rows(query, args, func(rows *sql.Rows) error {
		var account string
		ended++
		err := rows.Scan(&account)
		tally.Add(account, traffic.Dead, 1)
		return err
	})
	return ended, err
}

const selectDue = `SELECT id FROM ` + store.ByDueDestination + ` WHERE destination = ? AND state = 'pending' AND next_attempt_at <= ?
	ORDER BY next_attempt_at, seq LIMIT ?`

const selectHead = `SELECT id FROM ` + store.ByOrder + ` WHERE ` + store.NotFinal + ` AND destination = ? ORDER BY seq LIMIT 1`

// waitingAt lists the deliveries to lease for a destination, oldest first; one more than the limit if there are more.
func (c *claiming) waitingAt(at candidate) ([]string, error) {
	if at.ordered {
		return c.tx.Texts(selectHead, at.destination)
	}
	if at.probing {
		chosen, err := c.tx.Texts(policy.SelectProbe, at.destination, store.FormatTime(c.now))
		if err != nil || len(chosen) > 0 {
			return chosen, err
		}
	}
	return c.tx.Texts(selectDue, at.destination, store.FormatTime(c.now), min(at.free, c.request.Limit+1))
}

// lease takes one delivery per destination in turn (round-robin) until the limit is reached or none is left. More is true
// if deliveries that could be leased are left.
func (c *claiming) lease(candidates []candidate, answer *ClaimAnswer) (more bool, err error) {
	waiting := make([][]string, len(candidates))
	left, length := 0, 0
	for i, candidate := range candidates {
		if waiting[i], err = c.waitingAt(candidate); err != nil {
			return false, err
		}
		left += len(waiting[i])
	}
	for round := 0; left > 0; round++ {
		for i, candidate := range candidates {
			if round >= len(waiting[i]) {
				continue
			}
			if len(answer.Deliveries) == c.request.Limit || length >= c.request.MaxLength {
				return true, nil
			}
			left--
			delivery, ok, err := c.leaseOne(waiting[i][round])
			if err == nil && candidate.probing {
				_, err = c.tx.Exec(policy.StartProbe, waiting[i][round], store.FormatTime(c.now), candidate.destination)
			}
			if err != nil {
				return false, err
			}
			if candidate.rate != nil {
				candidate.rate.Take()
			}
			if ok {
				answer.Deliveries = append(answer.Deliveries, delivery)
				length += len(delivery.RequestBody)
				c.q.lastServed = candidate.destination
			}
		}
	}
	return false, nil
}

const takeLease = `UPDATE deliveries SET state = 'delivering', lease_owner = ?, lease_until = ?,
	lease_token = lease_token + 1, claims = claims + 1, updated = ? WHERE id = ? AND state = 'pending'`

const selectLeased = `SELECT d.id, d.account, d.mapping, d.destination, d.lease_token, d.attempts_made, d.tries_used, d.expires_at,
	CASE WHEN d.passthrough THEN b.body ELSE d.request_body END,
	CASE WHEN d.passthrough THEN b.body_encoding ELSE 'utf8' END,
	CASE WHEN d.passthrough THEN e.content_type ELSE d.request_content_type END,
	d.request_values, e.id, e.source, e.type, e.correlation_id, e.traceparent, e.hops
	FROM deliveries d JOIN events e ON e.id = d.event JOIN event_bodies b ON b.id = d.event WHERE d.id = ?`

// leaseOne returns false if the event is missing: without it there is nothing to send, and the lease just expires.
func (c *claiming) leaseOne(id string) (d LeasedDelivery, ok bool, err error) {
	until := store.FormatTime(c.now.Add(time.Duration(c.request.LeaseMs) * time.Millisecond))
	if _, err = c.tx.Exec(takeLease, c.request.Owner, until, store.FormatTime(c.now), id); err != nil {
		return d, false, err
	}
	var expiresAt, values string
	ok, err = c.tx.Row(selectLeased, []any{id}, &d.ID, &d.Account, &d.Mapping, &d.Destination, &d.LeaseToken,
		&d.AttemptsMade, &d.TriesUsed, &expiresAt, &d.RequestBody, &d.RequestBodyEncoding, &d.RequestContentType, &values,
		&d.Event.ID, &d.Event.Source, &d.Event.Type, &d.Event.CorrelationID, &d.Event.Traceparent, &d.Event.Hops)
	if err != nil || !ok {
		return d, false, err
	}
	if values != "" {
		d.RequestValues = jsontext.Value(values)
	}
	expires, err := store.ParseTime(expiresAt)
	d.ExpiresAt = expires.UnixMilli()
	return d, true, err
}
