package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pockethook/internal/store"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
)

// process is the service as main starts it.
func process(t testing.TB, dir string, env []string, args ...string) *exec.Cmd {
	args = append(args, "--dir="+filepath.Join(dir, "data"), "--migrationsDir="+testfiles.InProject("pb_migrations"), "--hooksDir="+testfiles.WriteCheckCode(t, filepath.Join(dir, "hooks")))
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append([]string{runMain + "=1", "HOME=" + dir, "PATH=" + os.Getenv("PATH")}, env...)
	return cmd
}

var servable = []string{
	"POCKETBASE_ADMIN_EMAIL=operator@example.com", "POCKETBASE_ADMIN_PASSWORD=correct horse",
	"ENCRYPTION_KEYS=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}

func TestProcessSaysWhereItListensAndEndsWithItsSupervisor(t *testing.T) {
	cmd := process(t, t.TempDir(), append(servable, "SUPERVISED=true"), "serve", "--http=127.0.0.1:0")
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.AfterFunc(5*time.Minute, func() { cmd.Process.Kill() })
	defer deadline.Stop()
	output := bufio.NewReader(stdout)
	line, _ := output.ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), "pocketbase listening on ")
	if !found {
		t.Fatalf("said %q and %s", line, stderr.String())
	}
	response, err := http.Get(url + "/api/health")
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("%v %v", response, err)
	}
	response.Body.Close()
	stdin.Close()
	rest, _ := io.ReadAll(output)
	if err := cmd.Wait(); err != nil || len(rest) > 0 || stderr.Len() > 0 {
		t.Fatalf("ended with %v, %q, %q", err, rest, stderr.String())
	}
}

func TestProcessTellsAllThatIsWrongAtOnce(t *testing.T) {
	dir := t.TempDir()
	cmd := process(t, dir, []string{
		"ENCRYPTION_KEYS=short-and-secret", "ALLOWED_PRIVATE_NETWORKS=10.0.0.1", "ALLOW_HTTP_DESTINATIONS=perhaps", "ALLOWED_PORTS=80,443-80",
		"POCKETBASE_ADMIN_PASSWORD_FILE=/nowhere",
	}, "serve")
	output, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != 78 {
		t.Fatalf("exit code %d", cmd.ProcessState.ExitCode())
	}
	for _, part := range []string{
		"POCKETBASE_ADMIN_EMAIL is missing", "POCKETBASE_ADMIN_PASSWORD_FILE", "ENCRYPTION_KEYS: key 1", "ALLOWED_PRIVATE_NETWORKS", "ALLOW_HTTP_DESTINATIONS", `ALLOWED_PORTS holds "443-80"`,
	} {
		if !strings.Contains(string(output), part) {
			t.Errorf("%q is missing in %s", part, output)
		}
	}
	if strings.Contains(string(output), "short-and-secret") {
		t.Errorf("a secret in %s", output)
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		t.Error("something was started")
	}
}

func TestProcessRefusesANewerDatabase(t *testing.T) {
	dir := filepath.Dir(CopyTemplate(t))
	db, err := store.Connect(filepath.Join(dir, "data", "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.NewQuery("INSERT INTO _migrations VALUES ('2999999999_future.js', 1)").Execute(); err != nil {
		t.Fatal(err)
	}
	db.Close()
	cmd := process(t, dir, servable, "serve", "--http=127.0.0.1:0")
	output, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 78 || !strings.Contains(string(output), "2999999999_future.js") || !strings.Contains(string(output), "newer than this code") {
		t.Fatalf("exit code %d: %s", cmd.ProcessState.ExitCode(), output)
	}
}
