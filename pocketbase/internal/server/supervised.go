package server

import (
	"io"
	"os"
	"syscall"
)

// StopAtEOF shuts the process down when its stdin is closed, which happens when its supervisor ends, even if it is killed.
func StopAtEOF(stdin io.Reader) {
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
	}()
}
