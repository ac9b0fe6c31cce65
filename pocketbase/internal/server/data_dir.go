package server

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"pockethook/internal/fault"
)

const (
	lockName = "pockethook.lock"
	// orphanGrace is how long a start waits for a service to end whose supervisor was killed.
	orphanGrace = 15 * time.Second
	lockPause   = 50 * time.Millisecond
)

// lockOwner is the process that uses a data folder; written into the lock file for the error message of other starts.
type lockOwner struct {
	PID int `json:"pid"`
	// Supervisor is the process that started it; 0: none.
	Supervisor int    `json:"supervisor,omitzero"`
	Host       string `json:"host"`
}

// TakeDataDir creates the folder if needed, makes it private to this user, and locks it for as long as the returned file is
// open. The lock (flock) ends with the process however that ends, so it is never stale.
func TakeDataDir(dir string, supervised bool) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Refusal(fmt.Sprintf("the data folder can't be made: %v", err))
	}
	if err := protect(dir); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.Refusal(fmt.Sprintf("the data folder can't be written to: %v", err))
	}
	if err := waitForLock(lock, dir); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	owner := lockOwner{PID: os.Getpid(), Host: hostname()}
	if supervised {
		owner.Supervisor = os.Getppid()
	}
	return lock, owner.write(lock)
}

// waitForLock waits only if the folder's owner is about to end because its supervisor was killed.
func waitForLock(lock *os.File, dir string) error {
	for deadline := time.Now().Add(orphanGrace); ; time.Sleep(lockPause) {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		owner := readLockOwner(lock.Name())
		if !owner.isEnding() || time.Now().After(deadline) {
			return fault.Refusal(fmt.Sprintf("the data folder %s is in use: %s runs on it already. Stop that one first, "+
				"or give this one a folder and ports of its own (DATA_DIR, PORT, POCKETBASE_PORT).", dir, owner))
		}
	}
}

func readLockOwner(path string) (owner lockOwner) {
	// The owner may be writing the file just now: half a file counts as unknown.
	if content, err := os.ReadFile(path); err != nil || json.Unmarshal(content, &owner) != nil {
		return lockOwner{}
	}
	return owner
}

func (o lockOwner) write(lock *os.File) error {
	content, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := lock.Truncate(0); err != nil {
		return err
	}
	_, err = lock.WriteAt(append(content, '\n'), 0)
	return err
}

func (o lockOwner) isEnding() bool {
	return o.Supervisor != 0 && o.Host == hostname() && errors.Is(syscall.Kill(o.Supervisor, 0), syscall.ESRCH)
}

// String names the process that a person should stop.
func (o lockOwner) String() string {
	switch {
	case o.PID == 0:
		return "another process"
	case o.Supervisor != 0:
		return fmt.Sprintf("process %d on %s", o.Supervisor, o.Host)
	default:
		return fmt.Sprintf("process %d on %s", o.PID, o.Host)
	}
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "this machine"
	}
	return name
}

// protect makes the folder and its present content private to this user; later files are covered by the umask. A folder
// that another user owns keeps its permissions.
func protect(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSticky != 0 {
		return fault.Refusal(fmt.Sprintf("the folder %s is shared by all users of this machine: name one below it", dir))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fault.Refusal(fmt.Sprintf("the data folder can't be read: %v", err))
	}
	closeToOthers(dir, info)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && (entry.IsDir() || entry.Type().IsRegular()) {
			closeToOthers(filepath.Join(dir, entry.Name()), info)
		}
	}
	return nil
}

func closeToOthers(path string, info fs.FileInfo) {
	if info.Mode().Perm()&0o077 == 0 {
		return
	}
	if err := os.Chmod(path, info.Mode().Perm()&0o700); err != nil {
		log.Printf("other users of this machine may be able to read %s: %v", path, err)
	}
}
