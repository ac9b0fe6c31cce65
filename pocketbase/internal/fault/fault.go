// Package fault defines errors with messages for people: operators, callers of routes, and people who save records.
package fault

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Refusal is an error that the operator has to correct before the service can start.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// Unavailable is a temporary error: starting again can help.
type Unavailable string

func (u Unavailable) Error() string { return string(u) }

// BadRequest is an error of the whole request; its message is for the caller.
type BadRequest string

func (e BadRequest) Error() string { return string(e) }

// BadItem is an error of one item of a batch; its message is for the caller.
type BadItem string

func (e BadItem) Error() string { return string(e) }

// AtField makes the validation error of one field of a record, in PocketBase's form.
func AtField(err error) error {
	var inForm validation.Error
	if errors.As(err, &inForm) {
		return err
	}
	return validation.NewError("validation_invalid_value", err.Error())
}

// Conflict is the error of a field whose value is valid but conflicts with stored data. The API service recognises its code.
func Conflict(message string) error { return validation.NewError("conflict", message) }

// ToAPI turns an error into a response of one sentence; internal details go to the log only.
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
