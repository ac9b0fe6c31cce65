package access

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
)

func (l *logins) CompareWith(compare func(record *core.Record, password string) bool) {
	l.compare = compare
}

func (l *logins) Try(email, password string) error {
	_, err := l.find(loginRequest{Email: email, Password: password})
	return err
}

func OpenSession(db dbx.Builder, now time.Time, person *core.Record, hash string) error {
	return openSession(db, now, person, loginRequest{Session: hash})
}

func NoteRefused(app core.App, now time.Time, email string) error {
	return noteRefused(app, now, audit.Caller{}, email, nil)
}

var RevokeTokens = revokeTokens
