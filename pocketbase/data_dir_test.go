package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

// startService starts the service and returns when it listens; it is killed when the test ends.
func startService(t *testing.T, dir string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := process(t, dir, append(env, servable...), "serve", "--http=127.0.0.1:0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	if !strings.HasPrefix(line, "pocketbase listening on ") {
		t.Fatalf("said %q and %s", line, stderr.String())
	}
	return cmd
}

// refused starts the service, which has to end by itself, and returns what it said.
func refused(t *testing.T, exitCode int, dir string, args []string, env ...string) string {
	t.Helper()
	cmd := process(t, dir, append(servable, env...), append([]string{"serve"}, args...)...)
	output, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitCode {
		t.Fatalf("exit code %d: %s", cmd.ProcessState.ExitCode(), output)
	}
	return string(output)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %q", part, text)
		}
	}
}

var anyPort = []string{"--http=127.0.0.1:0"}

func TestOneServiceForADataFolder(t *testing.T) {
	dir := t.TempDir()
	first := startService(t, dir)
	said := refused(t, 78, dir, anyPort)
	contains(t, said, filepath.Join(dir, "data"), "is in use", fmt.Sprintf("process %d on ", first.Process.Pid), "DATA_DIR")
	first.Process.Kill()
	first.Wait()
	startService(t, dir)
}

func TestTheDataFolderIsClosedToOtherUsers(t *testing.T) {
	data := CopyTemplate(t)
	dir := filepath.Dir(data)
	os.Mkdir(filepath.Join(data, "backups"), 0o755)
	for _, path := range []string{data, filepath.Join(data, "data.db")} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	startService(t, dir)
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, _ := entry.Info(); info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABusyPortNamesItsSetting(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	busy := []string{"--http=" + listener.Addr().String()}
	contains(t, refused(t, 75, t.TempDir(), busy), listener.Addr().String(), "address already in use", "with --http")
}
