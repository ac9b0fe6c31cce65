package policy

import (
	"time"

	"pockethook/internal/announce"
	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// Request is DestinationCommand of api/src/store/queue.ts.
type Request struct {
	Destination string `json:"destination"`
	Command     string `json:"command"`
	// Rate is how many held deliveries per second a resume releases; 0: all at once.
	Rate float64 `json:"rate"`
	audit.Caller
}

// Answer is the result of a command. Deliveries is how many were held or released.
type Answer struct {
	audit.Repetition
	ConfigVersion int64  `json:"config_version"`
	Status        string `json:"status"`
	Paused        bool   `json:"paused"`
	Deliveries    int64  `json:"deliveries"`
}

// drainSlowest and drainFastest bound the rate of a resume, in deliveries per second.
const (
	drainSlowest = 0.01
	drainFastest = 1000
)

const selectStanding = `SELECT account, enabled, paused FROM destinations WHERE id = ?`

const updatePaused = `UPDATE destinations SET paused = ?, updated = ` + store.LaterThanUpdated + ` WHERE id = ?`

// PauseOrResume pauses or resumes a destination, with an audit row. Idempotent.
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
		announce.Edited(s.App, "destinations", request.Destination)
	}
	return answer, err
}

func setPause(tx *store.Transaction, request Request, now time.Time) (answer Answer, changed bool, err error) {
	e := edit{destination: request.Destination, rate: request.Rate, by: &request.Caller}
	found, err := tx.Row(selectStanding, []any{e.destination}, &e.account, &e.was.enabled, &e.was.paused)
	if err != nil || !found {
		answer.Status = "unknown"
		return answer, false, err
	}
	e.is = standing{enabled: e.was.enabled, paused: request.Command == "pause"}
	answer.Status, answer.Paused = "done", e.is.paused
	if e.is == e.was {
		return answer, false, nil
	}
	if _, err := tx.Exec(updatePaused, e.is.paused, store.FormatTime(now), e.destination); err != nil {
		return answer, false, err
	}
	if answer.Deliveries, err = e.follow(tx.Builder(), now); err != nil {
		return answer, false, err
	}
	return answer, true, store.Gateway.CountChange(tx.Builder(), "destinations", e.destination)
}
