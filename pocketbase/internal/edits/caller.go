package edits

import (
	"encoding/json/v2"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	"pockethook/internal/audit"
	"pockethook/internal/fault"
)

// CallerHeader carries the caller of a change of a record, as JSON in ASCII.
const CallerHeader = "X-Pockethook-Caller"

// callerOf returns who changes a record: for the API service the caller named in the header, for everybody else the
// logged-in user; their headers are ignored.
func callerOf(e *core.RequestEvent) (c audit.Caller, err error) {
	header := e.Request.Header.Get(CallerHeader)
	defer c.WaitsAt(e)
	if header == "" || !access.IsServiceAccount(e.Auth) {
		c = audit.Caller{Actor: access.ActorName(e.Auth), Via: audit.ViaDashboard}
		return c, nil
	}
	if json.Unmarshal([]byte(header), &c) != nil {
		return c, fault.BadRequest(CallerHeader + " is not JSON of the form that the API service sends.")
	}
	return c, c.Check()
}
