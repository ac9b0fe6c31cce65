package main

import (
	"encoding/json/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

type auditEntry struct {
	account, actor, action, subjectType, subject string
	detail                                       map[string]any
}

const insertAudit = `INSERT INTO audit (id, account, actor, action, subject_type, subject, detail, created)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

func writeAudit(tx *transaction, now time.Time, entry auditEntry) error {
	detail, err := json.Marshal(entry.detail, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = tx.exec(insertAudit, core.GenerateDefaultRandomId(), entry.account, entry.actor, entry.action,
		entry.subjectType, entry.subject, string(detail), storeTime(now))
	return err
}
