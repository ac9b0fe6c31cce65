package edits

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
)

// backupActions are PocketBase's routes of backups, which have no hook that knows who asks.
var backupActions = map[string]string{
	"POST /api/backups":               "backup.create",
	"POST /api/backups/upload":        "backup.upload",
	"DELETE /api/backups/{key}":       "backup.delete",
	"POST /api/backups/{key}/restore": "backup.restore",
}

// noteBackup audits what somebody does with backups. A restore begins with its row, in the database that it replaces.
func (c *changes) noteBackup(e *core.RequestEvent) error {
	action := backupActions[e.Request.Pattern]
	if action == "" || e.Auth == nil || !e.Auth.IsSuperuser() {
		return e.Next()
	}
	note := func() error {
		entry := audit.Entry{Action: action, SubjectType: "backup", Subject: e.Request.PathValue("key"), Detail: map[string]any{}}
		return c.note(e.App, e.Auth, entry)
	}
	if action == "backup.restore" {
		if err := note(); err != nil {
			return err
		}
		return e.Next()
	}
	if err := e.Next(); err != nil {
		return err
	}
	return note()
}
