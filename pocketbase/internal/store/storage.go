package store

import (
	"errors"
	"fmt"
	"log"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/router"
)

// storage tracks whether the database can be written, and logs each change of that once.
type storage struct {
	dir string
	// tell writes a line for the operator.
	tell    func(format string, values ...any)
	mu      sync.Mutex
	problem string
	probing *probe
}

func newStorage(dir string) *storage { return &storage{dir: dir, tell: log.Printf} }

// SQLite's primary result codes of https://sqlite.org/rescode.html that tell of the disk rather than of the statement.
var storageProblems = map[int]string{
	5:  "the database is locked by another process",
	8:  "the database is read-only",
	10: "the disk fails (I/O error)",
	13: "the disk is full",
	14: "the database can't be opened",
}

// StorageProblem describes a failure of the disk or file system behind an error; empty for other errors.
func StorageProblem(err error) string {
	var api *router.ApiError
	if errors.As(err, &api) {
		err, _ = api.RawData().(error)
	}
	// If the rollback failed too, both errors come in a list that errors.As doesn't search.
	if several, ok := err.(dbx.Errors); ok {
		err = errors.Join(several...)
	}
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return ""
	}
	return storageProblems[coded.Code()&0xff]
}

// observe is called with the result of each write.
func (s *storage) observe(err error) {
	problem := StorageProblem(err)
	if err != nil && problem == "" {
		return // an invalid statement says nothing about the disk
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if problem == s.problem {
		return
	}
	s.problem = problem
	if problem == "" {
		s.tell("Writing works again in %s.", s.dir)
	} else {
		s.tell("Nothing can be stored: %s. Folder %s, %s free.", problem, s.dir, freeSpace(s.dir))
	}
}

// probe is a write that shows whether writing works.
type probe struct {
	began time.Time
	done  chan struct{}
	err   error
}

// probeWait is how long an answer waits for the write, which may wait for other writes or another process's lock.
const probeWait = time.Second

// ProbeAnswer: Problem is empty when the write came through.
type ProbeAnswer struct {
	Problem string `json:"problem"`
	Folder  string `json:"folder,omitzero"`
	Free    string `json:"free,omitzero"`
}

const (
	// The probe takes new pages, as an event would, and gives them back in the same transaction.
	insertProbe = `INSERT INTO idempotency_keys (key, fingerprint, answer, created) VALUES ('probe', '', hex(zeroblob(32768)), '')`
	deleteProbe = `DELETE FROM idempotency_keys WHERE key = 'probe'`
)

// Probe makes a real write and reports its result. Concurrent callers share one write.
func (s *Store) Probe() (ProbeAnswer, error) { return s.storage.probe(s.Write) }

func (s *storage) probe(write func(func(tx *Transaction) error) error) (ProbeAnswer, error) {
	s.mu.Lock()
	p := s.probing
	if p == nil {
		p = &probe{began: time.Now(), done: make(chan struct{})}
		s.probing = p
		go func() {
			p.err = write(func(tx *Transaction) error {
				_, inserted := tx.Exec(insertProbe)
				_, deleted := tx.Exec(deleteProbe)
				return errors.Join(inserted, deleted)
			})
			s.mu.Lock()
			s.probing = nil
			s.mu.Unlock()
			close(p.done)
		}()
	}
	s.mu.Unlock()
	select {
	case <-p.done:
	case <-time.After(probeWait):
		waited := time.Since(p.began).Round(time.Second)
		return s.answer(fmt.Sprintf("no write came through for %s: another process has locked the database, or the disk is slow", waited)), nil
	}
	if p.err == nil {
		return ProbeAnswer{}, nil
	}
	problem := StorageProblem(p.err)
	if problem == "" {
		return ProbeAnswer{}, p.err
	}
	return s.answer(problem), nil
}

func (s *storage) answer(problem string) ProbeAnswer {
	return ProbeAnswer{Problem: problem, Folder: s.dir, Free: freeSpace(s.dir)}
}
