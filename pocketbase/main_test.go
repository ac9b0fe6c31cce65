package main

import (
	"os"
	"testing"
)

// runMain makes the test binary the service itself, for tests of the process.
const runMain = "POCKETHOOK_TEST_RUN_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}
