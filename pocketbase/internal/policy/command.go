package policy

import (
	"time"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// Request is DestinationCommand of api/src/store/queue.ts.
type Request struct {
	Destination string `json:"destination"`
	Command     string `json:"command"`
	// Rate is how many held deliveries per second a resume lets go; 0: all at once.
	Rate float64 `json:"rate"`
	audit.Caller
}

// Answer: Deliveries is how many were held, or let go.
type Answer struct {
	audit.Repetition
	ConfigVersion int64  `json:"config_version"`
	Status        string `json:"status"`
	Paused        bool   `json:"paused"`
	Deliveries    int64  `json:"deliveries"`
}

// drainSlowest and drainFastest bound a resume's rate, in deliveries per second.
const (
	drainSlowest = 0.01
	drainFastest = 1000
)

const selectPaused = `SELECT account, enabled, paused FROM destinations WHERE id = ?`

const updatePaused = `UPDATE destinations SET paused = ?, updated = ? WHERE id = ?`

const holdPending = `UPDATE ` + store.ByDueDestination + ` SET state = 'held', updated = ?2 WHERE state = 'pending' AND destination = ?1`

// releaseSpread lets go what is held in the order of acceptance, one each ?3 seconds; none before its own time.
const releaseSpread = `UPDATE deliveries SET state = 'pending', updated = ?2,
	next_attempt_at = max(next_attempt_at, strftime('%Y-%m-%d %H:%M:%fZ', ?2, '+' || (turn.number * ?3) || ' seconds'))
	FROM (SELECT id AS held, row_number() OVER (ORDER BY seq) - 1 AS number FROM ` + store.ByOrder + `
		WHERE ` + store.NotFinal + ` AND state = 'held' AND destination = ?1) turn
	WHERE deliveries.id = turn.held`

// PauseOrResume pauses or resumes a destination, with an audit row. Repeating it changes nothing.
func PauseOrResume(s *store.Store, request Request) (Answer, error) {
	if request.Command != "pause" && request.Command != "resume" {
		return Answer{}, fault.BadRequest("command must be pause or resume.")
	}
	if request.Rate != 0 && (request.Rate < drainSlowest || request.Rate > drainFastest) {
		return Answer{}, fault.BadRequest("rate must be from 0.01 to 1000 deliveries per second, or 0 for all at once.")
	}
	if err := request.Caller.Check(); err != nil {
		return Answer{}, err
	}
	var answer Answer
	changed := false
	err := audit.WriteOnce(s, request.Caller, &answer, func(tx *store.Transaction) (bool, error) {
		var err error
		if answer, changed, err = setPause(tx, request, s.Now()); err != nil {
			return false, err
		}
		answer.ConfigVersion, err = store.ConfigVersion(tx)
		return changed, err
	})
	if err == nil && changed {
		TellEdited(s.App, []string{request.Destination})
	}
	return answer, err
}

func setPause(tx *store.Transaction, request Request, now time.Time) (answer Answer, changed bool, err error) {
	var account string
	var enabled bool
	pause := request.Command == "pause"
	found, err := tx.Row(selectPaused, []any{request.Destination}, &account, &enabled, &answer.Paused)
	if err != nil || !found {
		answer.Status = "unknown"
		return answer, false, err
	}
	answer.Status = "done"
	if answer.Paused == pause {
		return answer, false, nil
	}
	if _, err := tx.Exec(updatePaused, pause, store.FormatTime(now), request.Destination); err != nil {
		return answer, false, err
	}
	answer.Paused = pause
	if answer.Deliveries, err = holdOrRelease(tx, request, enabled, now); err != nil {
		return answer, false, err
	}
	detail := map[string]any{"deliveries": answer.Deliveries}
	if request.Rate > 0 && !pause {
		detail["rate"] = request.Rate
	}
	err = audit.Write(tx, now, audit.Entry{
		Account: account, By: request.Caller, Action: "destination." + request.Command, SubjectType: "destination",
		Subject: request.Destination, Detail: detail,
	})
	if err != nil {
		return answer, false, err
	}
	return answer, true, store.BumpConfigVersion(tx.Builder())
}

// holdOrRelease: what a disabled destination holds stays held until it is enabled too.
func holdOrRelease(tx *store.Transaction, request Request, enabled bool, now time.Time) (int64, error) {
	if request.Command == "pause" {
		return tx.Exec(holdPending, request.Destination, store.FormatTime(now))
	}
	if !enabled {
		return 0, nil
	}
	if err := resumeBreaker(tx.Builder(), request.Destination, now); err != nil {
		return 0, err
	}
	interval := 0.0
	if request.Rate > 0 {
		interval = 1 / request.Rate
	}
	return tx.Exec(releaseSpread, request.Destination, store.FormatTime(now), interval)
}
