package server

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAServiceThatIsEndingIsWaitedFor(t *testing.T) {
	dir := t.TempDir()
	first, err := TakeDataDir(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	owner := lockOwner{PID: os.Getpid(), Supervisor: gone.Process.Pid, Host: hostname()}
	if err := owner.write(first); err != nil {
		t.Fatal(err)
	}
	taken := make(chan error)
	go func() {
		second, err := TakeDataDir(dir, false)
		if err == nil {
			second.Close()
		}
		taken <- err
	}()
	select {
	case err := <-taken:
		t.Fatalf("taken, or refused, while it is held: %v", err)
	case <-time.After(3 * lockPause):
	}
	first.Close()
	if err := <-taken; err != nil {
		t.Fatal(err)
	}
}

func TestALockFileThatTellsNothingIsNoObstacle(t *testing.T) {
	for _, content := range []string{"", "{\"pid\":", "null", "{\"pid\":1,\"host\":\"elsewhere\"}"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, lockName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		lock, err := TakeDataDir(dir, false)
		if err != nil {
			t.Fatalf("%q: %v", content, err)
		}
		lock.Close()
	}
}

func TestAFolderOfAllUsersIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil {
		t.Fatal(err)
	}
	_, err := TakeDataDir(dir, false)
	if err == nil || !strings.Contains(err.Error(), "shared by all users") {
		t.Fatal(err)
	}
}
