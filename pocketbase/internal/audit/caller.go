package audit

import (
	"errors"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
)

// Caller is on whose behalf something is changed: Write of api/src/store/write.ts.
type Caller struct {
	// Actor is a person or a key, such as `user:ada@example.com`.
	Actor string `json:"actor"`
	// Via is the way: api, cli, apply or dashboard.
	Via           string `json:"via,omitzero"`
	CorrelationID string `json:"correlation_id,omitzero"`
	// Scope is the account whose records the caller may touch; empty: every account's. Only for records: routes have no scope.
	Scope string `json:"scope,omitzero"`
	// Once makes a repetition of the same request change nothing.
	Once Once `json:"once,omitzero"`
	// gone says that nobody waits for the answer any more; nil: that is unknown.
	gone func() bool
}

// errCallerGone ends a change whose caller has given up: they were told that its outcome is unknown, so it is undone.
var errCallerGone = errors.New("the caller does not wait any more: nothing was changed")

// StillThere is an error if nobody waits for the answer any more.
func (c Caller) StillThere() error {
	if c.gone != nil && c.gone() {
		return errCallerGone
	}
	return nil
}

// WaitsAt lets a request follow whether its caller still waits.
func (c *Caller) WaitsAt(e *core.RequestEvent) {
	c.gone = func() bool { return e.Request.Context().Err() != nil }
}

const (
	actorLengthAtMost       = 300
	viaLengthAtMost         = 20
	correlationLengthAtMost = 128
	// ViaDashboard is the way of whoever edits records themselves.
	ViaDashboard = "dashboard"
	// ByItself is who changes something when nobody asked.
	ByItself = "pockethook"
)

// Check says what is wrong with a caller that came in a request.
func (c Caller) Check() error {
	if c.Actor == "" || utf8.RuneCountInString(c.Actor) > actorLengthAtMost {
		return fault.BadRequest("actor must be a text of 1 to 300 characters: who asks.")
	}
	if len(c.Via) > viaLengthAtMost || len(c.CorrelationID) > correlationLengthAtMost {
		return fault.BadRequest("via may have 20 characters, correlation_id 128.")
	}
	return c.Once.check()
}

// askedBy is where a record under way carries who asks. Its value has a type of this package, so what a request's body
// holds under this name is no caller.
const askedBy = "@pockethook_by"

// Asks notes who asks for the change of a record.
func (c *Caller) Asks(record *core.Record) { record.SetRaw(askedBy, c) }

// AskedBy is who asks for the change of a record; nil: the service itself, or it goes along with another one.
func AskedBy(record *core.Record) *Caller {
	by, _ := record.GetRaw(askedBy).(*Caller)
	return by
}
