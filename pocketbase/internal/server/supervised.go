package server

import (
	"io"
	"os"
	"syscall"
)

// StopAtEOF shuts the process down when its supervisor is gone: a supervisor that is killed takes its end of the pipe along.
func StopAtEOF(stdin io.Reader) {
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
	}()
}
