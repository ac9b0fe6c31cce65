package audit

import (
	"errors"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
)

// Caller is who makes a change; it corresponds to Write of api/src/store/write.ts.
type Caller struct {
	// Actor is a person or an API key, such as `user:ada@example.com`.
	Actor string `json:"actor"`
	// Via is the interface that was used: api, cli, apply or dashboard.
	Via           string `json:"via,omitzero"`
	CorrelationID string `json:"correlation_id,omitzero"`
	// Scope is the account whose records the caller may change; empty: all. Used for records only, not by routes.
	Scope string `json:"scope,omitzero"`
	// Once identifies the request, so that a repetition of it changes nothing.
	Once Once `json:"once,omitzero"`
	// IfMatch are versions of the record (edits.version): it is changed only if it is one of these; nil: whatever it is. Used for
	// records only, not by routes.
	IfMatch []string `json:"if_match,omitzero"`
	// gone tells whether the caller has disconnected; nil: unknown.
	gone func() bool
}

// errCallerGone rolls back a change whose caller has disconnected: the caller takes the outcome for unknown and retries.
var errCallerGone = errors.New("the caller does not wait any more: nothing was changed")

// StillThere returns an error if the caller has disconnected.
func (c Caller) StillThere() error {
	if c.gone != nil && c.gone() {
		return errCallerGone
	}
	return nil
}

// WaitsAt sets the request on whose connection the caller waits, for StillThere.
func (c *Caller) WaitsAt(e *core.RequestEvent) {
	c.gone = func() bool { return e.Request.Context().Err() != nil }
}

const (
	actorLengthAtMost       = 300
	viaLengthAtMost         = 20
	correlationLengthAtMost = 128
	ifMatchAtMost           = 1000
	// ViaDashboard is Via for people who edit records directly in PocketBase.
	ViaDashboard = "dashboard"
	// ByItself is the actor of changes that Pockethook makes automatically.
	ByItself = "pockethook"
)

// Check validates a caller received in a request.
func (c Caller) Check() error {
	if c.Actor == "" || utf8.RuneCountInString(c.Actor) > actorLengthAtMost {
		return fault.BadRequest("actor must be a text of 1 to 300 characters: who asks.")
	}
	if len(c.Via) > viaLengthAtMost || len(c.CorrelationID) > correlationLengthAtMost {
		return fault.BadRequest("via may have 20 characters, correlation_id 128.")
	}
	if len(c.IfMatch) > ifMatchAtMost {
		return fault.BadRequest("if_match may have 1000 versions.")
	}
	return c.Once.check()
}

// askedBy is the custom field in which a record carries its caller until it is saved. A request body can't forge it: the
// value must be a *Caller.
const askedBy = "@pockethook_by"

// Asks stores the caller in the record that is about to be changed.
func (c *Caller) Asks(record *core.Record) { record.SetRaw(askedBy, c) }

// AskedBy returns the caller of a record's change; nil if the service itself changes it, or a cascade of another change.
func AskedBy(record *core.Record) *Caller {
	by, _ := record.GetRaw(askedBy).(*Caller)
	return by
}
