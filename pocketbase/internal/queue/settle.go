package queue

import (
	"database/sql"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"time"

	"pockethook/internal/announce"
	"pockethook/internal/policy"
	"pockethook/internal/store"
	"pockethook/internal/traffic"
)

// SettleRequest has the results of deliveries that the owner leased.
type SettleRequest struct {
	Owner   string       `json:"owner"`
	Results []Settlement `json:"results"`
}

// Settlement is Settlement of api/src/store/queue.ts. Without an attempt it only gives the lease back.
type Settlement struct {
	Delivery   string    `json:"delivery"`
	LeaseToken int64     `json:"lease_token"`
	Attempt    *Attempt  `json:"attempt"`
	Next       NextState `json:"next"`
}

// Attempt is one try to deliver.
type Attempt struct {
	ID              string         `json:"id"`
	Number          int64          `json:"number"`
	StartedAt       string         `json:"started_at"`
	DurationMs      float64        `json:"duration_ms"`
	Status          int64          `json:"status"`
	Outcome         string         `json:"outcome"`
	Error           string         `json:"error"`
	ResponseHeaders jsontext.Value `json:"response_headers"`
	ResponseBody    string         `json:"response_body"`
}

// NextState is the state of a delivery after the attempt.
type NextState struct {
	State              string `json:"state"`
	RetryInMs          int64  `json:"retry_in_ms"`
	UsedTry            bool   `json:"used_try"`
	DisableDestination string `json:"disable_destination"`
}

// SettleResult is SettleResult of api/src/store/queue.ts; Message says why a settlement failed.
type SettleResult struct {
	Status  string `json:"status"`
	Message string `json:"message,omitzero"`
	// Change is how the attempt changed its destination.
	Change policy.Change `json:"change,omitzero"`
}

// SettleAnswer has a result for each settlement, in their order.
type SettleAnswer struct {
	store.Versions
	Results []SettleResult `json:"results"`
}

// Settle records attempts and the new states of their deliveries, all in one durable commit.
func (q *Queue) Settle(request SettleRequest) (SettleAnswer, error) {
	answer := SettleAnswer{Results: make([]SettleResult, 0, len(request.Results))}
	var report *policy.BreakerReport
	err := q.WriteBehind(func(tx *store.Transaction) error {
		now := q.Now()
		report = policy.NewBreakerReport(tx, now, q.random)
		var dead []string
		for _, one := range request.Results {
			if wrong := q.checkSettlement(one); wrong != nil {
				answer.Results = append(answer.Results, SettleResult{Status: "failed", Message: wrong.Error()})
				continue
			}
			result, err := q.settleOne(tx, request.Owner, one, report)
			if err != nil {
				return err
			}
			answer.Results = append(answer.Results, result)
			if result.Status == "settled" && one.Attempt != nil && (one.Next.State == "dead" || one.Next.State == "expired") {
				dead = append(dead, one.Delivery)
			}
		}
		err := errors.Join(report.Save(), countDead(tx, now, dead))
		if err != nil {
			return err
		}
		answer.Versions, err = store.ReadVersions(tx)
		return err
	})
	if err == nil {
		announce.Edited(q.App, "destinations", report.Disabled...)
	}
	return answer, err
}

// checkSettlement validates one settlement, so that an invalid one, which only a bug in the caller can cause, fails alone.
func (q *Queue) checkSettlement(one Settlement) error {
	c := q.Limits.Of("attempts")
	c.OneOf("state", one.Next.State, "pending", "delivered", "dead", "expired").
		Between("retry_in_ms", one.Next.RetryInMs, 0, expiresAtMost.Milliseconds())
	if one.Attempt != nil {
		c.ID("id", one.Attempt.ID).Time("started_at", one.Attempt.StartedAt).
			OneOf("outcome", one.Attempt.Outcome, "success", "retry", "throttled", "permanent", "gone", "blocked", "expired", "loop").
			JSON("response_headers", one.Attempt.ResponseHeaders, '{')
	}
	return c.Err
}

const moveOn = `UPDATE deliveries SET state = CASE ?1 WHEN 'pending' THEN ` + store.AfterPending + ` ELSE ?1 END,
	attempts_made = attempts_made + 1, tries_used = tries_used + ?2, last_status = ?3, last_error = ?4, next_attempt_at = ?5,
	claims = 0, lease_owner = '', lease_until = '', updated = ?6
	WHERE id = ?7 AND state = 'delivering' AND lease_token = ?8 AND lease_owner = ?9`

const giveBack = `UPDATE deliveries SET state = CASE ?1 WHEN 'pending' THEN ` + store.AfterPending + ` ELSE ?1 END,
	next_attempt_at = ?2, claims = max(claims - 1, 0), lease_owner = '', lease_until = '', updated = ?3
	WHERE id = ?4 AND state = 'delivering' AND lease_token = ?5 AND lease_owner = ?6`

const insertAttempt = `INSERT INTO attempts (id, account, delivery, lease_token, number, started_at, duration_ms, status, outcome,
	error, response_headers, response_body)
	SELECT ?, account, id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM deliveries WHERE id = ?`

const selectRepeated = `SELECT EXISTS (SELECT 1 FROM attempts WHERE delivery = ? AND lease_token = ? AND id = ?)`

// settleOne stores one settlement; it changes nothing unless the caller still holds the lease.
func (q *Queue) settleOne(tx *store.Transaction, owner string, one Settlement, report *policy.BreakerReport) (result SettleResult, err error) {
	stamp := store.FormatTime(report.Now)
	next := store.FormatTime(report.Now.Add(time.Duration(one.Next.RetryInMs) * time.Millisecond))
	if one.Attempt == nil {
		moved, err := tx.Exec(giveBack, one.Next.State, next, stamp, one.Delivery, one.LeaseToken, owner)
		if err != nil || moved == 1 {
			return SettleResult{Status: "settled"}, err
		}
		return SettleResult{Status: "stale"}, nil
	}
	tried := one.Attempt
	message := store.Clip(tried.Error, q.Limits["attempts"]["error"])
	moved, err := tx.Exec(moveOn, one.Next.State, one.Next.UsedTry, tried.Status, message, next, stamp,
		one.Delivery, one.LeaseToken, owner)
	if err != nil {
		return result, err
	}
	if moved == 1 {
		_, err = tx.Exec(insertAttempt, tried.ID, one.LeaseToken, tried.Number, tried.StartedAt, tried.DurationMs,
			tried.Status, tried.Outcome, message, string(tried.ResponseHeaders),
			store.Clip(tried.ResponseBody, q.Limits["attempts"]["response_body"]), one.Delivery)
		if err != nil {
			return result, err
		}
		happened, err := report.Add(one.Delivery, tried.Outcome, one.Next.DisableDestination)
		return SettleResult{Status: "settled", Change: happened}, err
	}
	var repeated bool
	if _, err = tx.Row(selectRepeated, []any{one.Delivery, one.LeaseToken, tried.ID}, &repeated); repeated {
		return SettleResult{Status: "repeated"}, err
	}
	return SettleResult{Status: "stale"}, err
}

const selectAccounts = `SELECT account, count(*) FROM deliveries WHERE id IN (SELECT value FROM json_each(?)) GROUP BY account`

// countDead counts deliveries that ended without being delivered.
func countDead(tx *store.Transaction, now time.Time, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	tally := traffic.NewTally()
	err = tx.Rows(selectAccounts, []any{string(list)}, func(rows *sql.Rows) error {
		var account string
		var count int64
		err := rows.Scan(&account, &count)
		tally.Add(account, traffic.Dead, count)
		return err
	})
	return errors.Join(err, tally.Save(tx, now))
}
