package main

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/tools/router"
)

// refusal is a fault that the operator has to correct before the service can start.
type refusal string

func (r refusal) Error() string { return string(r) }

// unavailable is a fault that may pass by itself: starting again can help.
type unavailable string

func (u unavailable) Error() string { return string(u) }

// requestError is a request that is wrong as a whole; its message is for the caller.
type requestError string

func (e requestError) Error() string { return string(e) }

// itemError is what is wrong with one item; its message is for the caller.
type itemError string

func (e itemError) Error() string { return string(e) }

// fieldError is what is wrong with one field of a record, in PocketBase's form.
func fieldError(err error) error { return validation.NewError("validation_invalid_value", err.Error()) }

// asAPIError turns a fault into one sentence: what happened inside goes to the log only.
func asAPIError(err error) error {
	var known *router.ApiError
	if errors.As(err, &known) {
		return known
	}
	var wrong requestError
	if errors.As(err, &wrong) {
		return apis.NewBadRequestError(string(wrong), nil)
	}
	return apis.NewInternalServerError("The store failed; nothing was changed. Its log says why.", err)
}
