package main

import (
	"io"
	"os"
	"syscall"
)

// stopAtEOF shuts the process down when its supervisor is gone: a supervisor that is killed takes its end of the pipe along.
func stopAtEOF(stdin io.Reader) {
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
	}()
}
