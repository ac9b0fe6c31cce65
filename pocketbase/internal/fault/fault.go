// Package fault has the kinds of errors whose texts are for people: operators, callers of routes, those who save a record.
package fault

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Refusal is a fault that the operator has to correct before the service can start.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// Unavailable is a fault that may pass by itself: starting again can help.
type Unavailable string

func (u Unavailable) Error() string { return string(u) }

// BadRequest is a request that is wrong as a whole; its message is for the caller.
type BadRequest string

func (e BadRequest) Error() string { return string(e) }

// BadItem is what is wrong with one item; its message is for the caller.
type BadItem string

func (e BadItem) Error() string { return string(e) }

// AtField is what is wrong with one field of a record, in PocketBase's form.
func AtField(err error) error {
	var inForm validation.Error
	if errors.As(err, &inForm) {
		return err
	}
	return validation.NewError("validation_invalid_value", err.Error())
}

// Conflict is a field that would be right by itself, and is refused for what there is already. The API service knows its code.
func Conflict(message string) error { return validation.NewError("conflict", message) }

// ToAPI turns a fault into one sentence: what happened inside goes to the log only.
func ToAPI(err error) error {
	var known *router.ApiError
	if errors.As(err, &known) {
		return known
	}
	var wrong BadRequest
	if errors.As(err, &wrong) {
		return apis.NewBadRequestError(string(wrong), nil)
	}
	return apis.NewInternalServerError("The store failed; nothing was changed. Its log says why.", err)
}
