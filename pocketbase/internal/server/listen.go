package server

import (
	"errors"
	"fmt"
	"net"

	"pockethook/internal/fault"
)

func listen(address string, supervised bool) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err == nil {
		return listener, nil
	}
	setting := "--http"
	if supervised {
		setting = "POCKETBASE_PORT"
	}
	return nil, fault.Unavailable(fmt.Sprintf("the PocketBase service can't listen on %s (%v). Stop what uses that port, or choose another with %s.", address, reasonOf(err), setting))
}

// reasonOf returns the innermost cause, such as "address already in use", without the names of system calls.
func reasonOf(err error) error {
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(cause) {
		err = cause
	}
	return err
}
