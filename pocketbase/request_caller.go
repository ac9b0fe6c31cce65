package main

import (
	"encoding/json/v2"

	"github.com/pocketbase/pocketbase/core"
)

// callerHeader carries the caller of a change of a record, as JSON in ASCII.
const callerHeader = "X-Pockethook-Caller"

// callerOf is who asks for a change of a record. Only the API service may speak for somebody else: for anybody else the
// header means nothing, and who is logged in is who asks.
func callerOf(e *core.RequestEvent) (c caller, err error) {
	header := e.Request.Header.Get(callerHeader)
	defer c.WaitsAt(e)
	if header == "" || !isServiceAccount(e.Auth) {
		c = caller{Actor: nameOf(e.Auth), Via: viaDashboard}
		return c, nil
	}
	if json.Unmarshal([]byte(header), &c) != nil {
		return c, requestError(callerHeader + " is not JSON of the form that the API service sends.")
	}
	return c, c.Check()
}

// nameOf is how the audit names somebody who logged in.
func nameOf(auth *core.Record) string {
	switch {
	case auth == nil:
		return "nobody"
	case isServiceAccount(auth):
		return byItself
	case auth.IsSuperuser():
		return "operator:" + auth.Email()
	default:
		return "user:" + auth.Email()
	}
}
