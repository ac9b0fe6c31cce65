package handshake

import (
	"encoding/json/v2"

	"pockethook/internal/announce"
	"pockethook/internal/audit"
	"pockethook/internal/store"
)

// RevealRequest names the source whose secret somebody has to enter at the vendor.
type RevealRequest struct {
	Source string `json:"source"`
	audit.Caller
}

// RevealAnswer has the secret as it is stored; Status is revealed, shown (before, or there is nothing to show) or unknown.
type RevealAnswer struct {
	audit.Repetition
	ConfigVersion int64  `json:"config_version"`
	Status        string `json:"status"`
	// Secret is ciphertext, so that the repetition of a request gets it again.
	Secret string `json:"secret,omitzero"`
}

const (
	selectUnshown = `SELECT account, coalesce(secrets, ''), secret_unshown FROM sources WHERE id = ?`
	markShown     = `UPDATE sources SET secret_unshown = FALSE, updated = ` + store.LaterThanUpdated + ` WHERE id = ?`
)

// Reveal hands out the secret that a handshake brought: once, with an audit row.
func Reveal(s *store.Store, request RevealRequest) (RevealAnswer, error) {
	if err := request.Caller.Check(); err != nil {
		return RevealAnswer{}, err
	}
	var answer RevealAnswer
	err := audit.WriteOnce(s, request.Caller, &answer, func(tx *store.Transaction) (changed bool, err error) {
		if answer, err = reveal(tx, request, s); err != nil {
			return false, err
		}
		answer.ConfigVersion, err = store.ConfigVersion(tx)
		return answer.Status == "revealed", err
	})
	if err == nil && answer.Status == "revealed" {
		announce.Edited(s.App, "sources", request.Source)
	}
	return answer, err
}

func reveal(tx *store.Transaction, request RevealRequest, s *store.Store) (RevealAnswer, error) {
	var account, stored string
	var unshown bool
	found, err := tx.Row(selectUnshown, []any{request.Source}, &account, &stored, &unshown)
	if err != nil || !found {
		return RevealAnswer{Status: "unknown"}, err
	}
	var sealed []string
	if !unshown || json.Unmarshal([]byte(stored), &sealed) != nil || len(sealed) != 1 {
		return RevealAnswer{Status: "shown"}, nil
	}
	if _, err := tx.Exec(markShown, store.FormatTime(s.Now()), request.Source); err != nil {
		return RevealAnswer{}, err
	}
	err = audit.Write(tx, s.Now(), audit.Entry{
		Account: account, By: request.Caller, Action: "source.reveal", SubjectType: "source", Subject: request.Source,
	})
	if err != nil {
		return RevealAnswer{}, err
	}
	return RevealAnswer{Status: "revealed", Secret: sealed[0]}, store.Gateway.CountChange(tx.Builder(), "sources", request.Source)
}
