package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func probeOver(s *Service) (int, Object) {
	s.Helper()
	status, body := s.Call(s.Operator, "POST", "/api/pockethook/probe", Object{})
	return status, Decoded(body).(Object)
}

// fillUp lets the database have no further page; the result gives it room again.
func fillUp(b *Bench) (room func()) {
	b.Execute("PRAGMA incremental_vacuum", nil)
	b.Execute("PRAGMA max_page_count = 1", nil) // SQLite makes it the pages that there are
	return func() { b.Execute("PRAGMA max_page_count = 1073741823", nil) }
}

func TestTheProbeWritesAndLeavesNothing(t *testing.T) {
	s := Serve(t)
	for range 3 {
		status, answer := probeOver(s)
		s.Equal(status, 200)
		s.Equal(answer, Object{"problem": ""})
	}
	s.Equal(s.Count("SELECT count(*) FROM idempotency_keys"), 0)
}

func TestAFullDiskIsNamedAndSaidOnce(t *testing.T) {
	b := NewBench(t)
	var told []string
	b.Store.TellWith(func(format string, values ...any) { told = append(told, fmt.Sprintf(format, values...)) })
	room := fillUp(b)
	for range 3 {
		answer, err := b.Store.Probe()
		b.Must(err)
		b.Equal(answer.Problem, "the disk is full")
		if answer.Folder != b.App.DataDir() || !strings.Contains(answer.Free, "MB") {
			t.Errorf("%+v", answer)
		}
	}
	room()
	answer, err := b.Store.Probe()
	b.Must(err)
	b.Equal(answer, store.ProbeAnswer{})
	if len(told) != 2 || !strings.Contains(told[0], "the disk is full. Folder "+b.App.DataDir()) || !strings.Contains(told[1], "works again") {
		t.Errorf("%q", told)
	}
}

func TestASaveThatFindsNoRoomIsNoFaultOfTheRequest(t *testing.T) {
	s := Serve(t)
	d := s.Destination(nil)
	fields := Object{"name": "m", "source": s.Source, "destination": d, "template": Object{"text": strings.Repeat("x", 100_000)}}
	room := fillUp(s.Bench)
	status, answer := s.OnBehalf(Ada("a", "1"), "POST", "/api/collections/mappings/records", fields)
	s.Equal(status, 503)
	if message, _ := answer["message"].(string); !strings.Contains(strings.ToLower(message), "the disk is full") {
		t.Errorf("%v", answer)
	}
	room()
	status, _ = s.OnBehalf(Ada("a", "1"), "POST", "/api/collections/mappings/records", fields)
	s.Equal(status, 200)
	s.Equal(s.Count("SELECT count(*) FROM audit WHERE action = 'mapping.create'"), 1)
}

func TestALockOfAnotherProcessIsNamed(t *testing.T) {
	s := Serve(t)
	other, err := dbx.Open("sqlite", filepath.Join(s.App.DataDir(), "data.db"))
	s.Must(err)
	defer other.Close()
	other.DB().SetMaxOpenConns(1)
	_, err = other.NewQuery("BEGIN IMMEDIATE").Execute()
	s.Must(err)
	var wait sync.WaitGroup
	for range 20 { // all share one write
		wait.Go(func() {
			status, answer := probeOver(s)
			s.Equal(status, 200)
			if problem, _ := answer["problem"].(string); !strings.Contains(problem, "another process") {
				t.Errorf("%v", answer)
			}
		})
	}
	wait.Wait()
	_, err = other.NewQuery("ROLLBACK").Execute()
	s.Must(err)
	for {
		if _, answer := probeOver(s); answer["problem"] == "" {
			break
		}
	}
}

func TestAReadOnlyDatabaseIsNamed(t *testing.T) {
	b := NewBench(t)
	b.Execute("PRAGMA query_only = TRUE", nil)
	answer, err := b.Store.Probe()
	b.Must(err)
	b.Equal(answer.Problem, "the database is read-only")
	b.Execute("PRAGMA query_only = FALSE", nil)
}

// A real file system that fills up, where the machine lets root mount one.
func TestARealFullFileSystemIsNamed(t *testing.T) {
	dir := smallFileSystem(t, "8m")
	data := filepath.Join(dir, "data")
	CopyTemplateTo(t, data)
	b := NewBenchIn(t, data, TestEnvironment())
	filler := filepath.Join(dir, "filler")
	file, err := os.Create(filler)
	b.Must(err)
	for block := make([]byte, 4096); err == nil; {
		_, err = file.Write(block)
	}
	file.Close()
	for range 50 { // the log has some room of its own
		answer, err := b.Store.Probe()
		b.Must(err)
		if answer.Problem == "the disk is full" {
			b.Must(os.Remove(filler))
			answer, err = b.Store.Probe()
			b.Must(err)
			b.Equal(answer, store.ProbeAnswer{})
			return
		}
	}
	t.Error("the disk is full, and the probe says nothing")
}
