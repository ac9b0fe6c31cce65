package access

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
)

// ActorName is the name in the audit log of whoever a request comes from; nil: nobody is logged in.
func ActorName(auth *core.Record) string {
	switch {
	case auth == nil:
		return "nobody"
	case IsServiceAccount(auth):
		return audit.ByItself
	default:
		return personKind(auth) + ":" + auth.Email()
	}
}

// personKind tells operators from users, in the words of the audit log.
func personKind(record *core.Record) string {
	if record.IsSuperuser() {
		return "operator"
	}
	return "user"
}
