package main

import (
	"errors"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
)

// caller is on whose behalf something is changed: Write of api/src/store/write.ts.
type caller struct {
	// Actor is a person or a key, such as `user:ada@example.com`.
	Actor string `json:"actor"`
	// Via is the way: api, cli, apply or dashboard.
	Via           string `json:"via,omitzero"`
	CorrelationID string `json:"correlation_id,omitzero"`
	// Scope is the account whose records the caller may touch; empty: every account's. Only for records: routes have no scope.
	Scope string `json:"scope,omitzero"`
	// Once makes a repetition of the same request change nothing.
	Once once `json:"once,omitzero"`
	// gone says that nobody waits for the answer any more; nil: that is unknown.
	gone func() bool
}

// errCallerGone ends a change whose caller has given up: they were told that its outcome is unknown, so it is undone.
var errCallerGone = errors.New("the caller does not wait any more: nothing was changed")

func (c caller) StillThere() error {
	if c.gone != nil && c.gone() {
		return errCallerGone
	}
	return nil
}

// WaitsAt lets a request follow whether its caller still waits.
func (c *caller) WaitsAt(e *core.RequestEvent) {
	c.gone = func() bool { return e.Request.Context().Err() != nil }
}

const (
	actorLengthAtMost       = 300
	viaLengthAtMost         = 20
	correlationLengthAtMost = 128
	viaDashboard            = "dashboard"
	// byItself is who changes something when nobody asked.
	byItself = "pockethook"
)

func (c caller) Check() error {
	if c.Actor == "" || utf8.RuneCountInString(c.Actor) > actorLengthAtMost {
		return requestError("actor must be a text of 1 to 300 characters: who asks.")
	}
	if len(c.Via) > viaLengthAtMost || len(c.CorrelationID) > correlationLengthAtMost {
		return requestError("via may have 20 characters, correlation_id 128.")
	}
	return c.Once.check()
}
