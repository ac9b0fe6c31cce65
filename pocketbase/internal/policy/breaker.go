// Package policy decides whether a destination gets deliveries now: circuit breaker, rate limit and pause.
package policy

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
)

const (
	// OpenAfter is how many failures in a row open the breaker.
	OpenAfter = 10
	// The wait before a probe starts at CoolDownFirst, doubles with each failed probe up to coolDownLast, and is jittered.
	CoolDownFirst  = 30 * time.Second
	coolDownLast   = time.Hour
	coolDownJitter = 0.2
	// FailingAtMost is how long a destination may fail without a success before it is disabled.
	FailingAtMost = 5 * 24 * time.Hour
)

// breaker is the circuit breaker of one destination: a row of destination_health; no row while nothing has failed.
type breaker struct {
	state        string
	failures     int64
	failingSince string
	openedAt     string
	nextProbeAt  string
	coolDownMs   int64
	probe        string
}

// Change is how a settlement changed its destination, for logs and metrics of the API service.
type Change string

const (
	// ChangeOpened and ChangeClosed: its breaker opened or closed. ChangeDisabled: the destination was disabled.
	ChangeOpened   Change = "opened"
	ChangeClosed   Change = "closed"
	ChangeDisabled Change = "disabled"
)

// observe applies the outcome of one attempt to the breaker of its destination. `random` is from 0 to 1.
func (h *breaker) observe(outcome, delivery string, now time.Time, random float64) (happened Change) {
	probing := h.state == "half_open" && h.probe == delivery
	switch outcome {
	case "success":
		if h.state != "closed" {
			happened = ChangeClosed
		}
		*h = breaker{state: "closed"}
		return happened
	case "expired", "loop":
		return "" // nothing was sent
	case "throttled":
		// It works but is overloaded: neither a success nor a failure.
		if probing {
			h.open(now, time.Duration(h.coolDownMs)*time.Millisecond, random)
		}
		return ""
	case "retry":
		h.failures++
	}
	if h.failingSince == "" {
		h.failingSince = store.FormatTime(now)
	}
	switch {
	case probing:
		h.open(now, 2*time.Duration(h.coolDownMs)*time.Millisecond, random)
	case h.state == "closed" && h.failures >= OpenAfter:
		h.openedAt = store.FormatTime(now)
		h.open(now, CoolDownFirst, random)
		return ChangeOpened
	}
	return ""
}

func (h *breaker) open(now time.Time, coolDown time.Duration, random float64) {
	coolDown = min(coolDown, coolDownLast)
	h.state, h.probe, h.coolDownMs = "open", "", coolDown.Milliseconds()
	h.nextProbeAt = store.FormatTime(now.Add(time.Duration(float64(coolDown) * (1 + coolDownJitter*(2*random-1)))))
}

// failedTooLong is true when the destination should be disabled until an operator has corrected it.
func (h *breaker) failedTooLong(now time.Time) bool {
	return h.failingSince != "" && h.failingSince <= store.FormatTime(now.Add(-FailingAtMost))
}

// BreakerReport collects the effects of one settle on the breakers of destinations: each row is read and written at most once.
type BreakerReport struct {
	tx *store.Transaction
	// Now is the time of the settlement.
	Now     time.Time
	random  func() float64
	before  map[string]breaker
	current map[string]*breaker
	// Disabled are the destinations that were disabled; pass them to announce.Edited after the commit.
	Disabled []string
	// failing is whether any destination has a breaker row; nil: not read yet.
	failing *bool
}

// NewBreakerReport makes a report for one write transaction; `random` returns numbers from 0 to 1.
func NewBreakerReport(tx *store.Transaction, now time.Time, random func() float64) *BreakerReport {
	return &BreakerReport{tx: tx, Now: now, random: random, before: map[string]breaker{}, current: map[string]*breaker{}}
}

const selectBreaker = `SELECT state, failures, failing_since, opened_at, next_probe_at, cool_down_ms, probe
	FROM destination_health WHERE id = ?`

func (r *BreakerReport) of(destination string) (*breaker, error) {
	if known := r.current[destination]; known != nil {
		return known, nil
	}
	h := &breaker{state: "closed"}
	_, err := r.tx.Row(selectBreaker, []any{destination}, &h.state, &h.failures, &h.failingSince, &h.openedAt, &h.nextProbeAt,
		&h.coolDownMs, &h.probe)
	r.before[destination], r.current[destination] = *h, h
	return h, err
}

const selectAnyFailing = `SELECT EXISTS (SELECT 1 FROM destination_health)`

// needsBreakerRow is false for a success while no destination has a breaker row: the usual case needs no lookup.
func (r *BreakerReport) needsBreakerRow(outcome string) (bool, error) {
	if outcome != "success" || len(r.current) > 0 {
		return true, nil
	}
	if r.failing == nil {
		r.failing = new(bool)
		if _, err := r.tx.Row(selectAnyFailing, nil, r.failing); err != nil {
			return false, err
		}
	}
	return *r.failing, nil
}

const selectDestination = `SELECT destination FROM deliveries WHERE id = ?`

// Add applies the outcome of one settled attempt. If reason isn't empty, the API asks to disable the destination for it.
func (r *BreakerReport) Add(delivery, outcome, reason string) (Change, error) {
	concerned, err := r.needsBreakerRow(outcome)
	if err != nil || !concerned {
		return "", err
	}
	var destination string
	if _, err := r.tx.Row(selectDestination, []any{delivery}, &destination); err != nil {
		return "", err
	}
	h, err := r.of(destination)
	if err != nil {
		return "", err
	}
	happened := h.observe(outcome, delivery, r.Now, r.random())
	if reason == "" && h.failedTooLong(r.Now) {
		reason = fmt.Sprintf("Every attempt since %s failed, for %d days. Correct what is wrong, then enable it again.",
			h.failingSince[:16], int(FailingAtMost.Hours()/24))
	}
	if reason == "" {
		return happened, nil
	}
	done, err := disableDestination(r.tx, destination, reason, r.Now)
	if err != nil || !done {
		return happened, err
	}
	r.Disabled = append(r.Disabled, destination)
	return ChangeDisabled, nil
}

const upsertBreaker = `INSERT INTO destination_health (id, account, state, failures, failing_since, opened_at, next_probe_at,
	cool_down_ms, probe, updated) SELECT ?1, account, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM destinations WHERE id = ?1
	ON CONFLICT (id) DO UPDATE SET state = ?2, failures = ?3, failing_since = ?4, opened_at = ?5, next_probe_at = ?6,
	cool_down_ms = ?7, probe = ?8, updated = ?9`

const deleteBreaker = `DELETE FROM destination_health WHERE id = ?`

// Save writes the changed breakers; a closed breaker without failures has no row.
func (r *BreakerReport) Save() error {
	for destination, h := range r.current {
		if *h == r.before[destination] {
			continue
		}
		var err error
		if *h == (breaker{state: "closed"}) {
			_, err = r.tx.Exec(deleteBreaker, destination)
		} else {
			_, err = r.tx.Exec(upsertBreaker, destination, h.state, h.failures, h.failingSince, h.openedAt, h.nextProbeAt,
				h.coolDownMs, h.probe, store.FormatTime(r.Now))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// StartProbe makes a delivery the probe of its destination, and the open breaker half open.
const StartProbe = `UPDATE destination_health SET state = 'half_open', probe = ?, updated = ? WHERE id = ?`

// SelectProbe selects the delivery that a person chose as the next probe, by a retry.
const SelectProbe = `SELECT d.id FROM destination_health h JOIN deliveries d ON d.id = h.probe
	WHERE h.id = ? AND d.destination = h.id AND +d.state = 'pending' AND d.next_attempt_at <= ?`

// ChooseProbe makes a delivery the next probe, due at once.
const ChooseProbe = `UPDATE destination_health SET probe = ?1, next_probe_at = ?2, updated = ?2
	WHERE id = (SELECT destination FROM deliveries WHERE id = ?1) AND state = 'open'`

// probeSoon makes the next probe due at once, so that an edit shows immediately whether it helped.
func probeSoon(db dbx.Builder, destination string, now time.Time) error {
	return changeBreaker(db, `UPDATE destination_health SET next_probe_at = {:now}, updated = {:now}
		WHERE id = {:destination} AND state = 'open'`, destination, now)
}

// resumeBreaker also restarts the FailingAtMost period, since nothing was tried during the pause.
func resumeBreaker(db dbx.Builder, destination string, now time.Time) error {
	err := changeBreaker(db, `UPDATE destination_health SET failing_since = {:now} WHERE id = {:destination}`, destination, now)
	if err != nil {
		return err
	}
	return probeSoon(db, destination, now)
}

func forgetBreaker(db dbx.Builder, destination string, now time.Time) error {
	return changeBreaker(db, `DELETE FROM destination_health WHERE id = {:destination}`, destination, now)
}

func changeBreaker(db dbx.Builder, query, destination string, now time.Time) error {
	_, err := db.NewQuery(query).Bind(dbx.Params{"destination": destination, "now": store.FormatTime(now)}).Execute()
	return err
}
