package access

import "github.com/pocketbase/pocketbase/core"

func (l *logins) CompareWith(compare func(record *core.Record, password string) bool) {
	l.compare = compare
}

func (l *logins) Try(email, password string) error {
	_, err := l.find(loginRequest{email, password})
	return err
}

var RevokeTokens = revokeTokens
