package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
)

func probeOver(s *service) (int, object) {
	s.Helper()
	status, body := s.call(s.operator, "POST", "/api/pockethook/probe", object{})
	return status, decoded(body).(object)
}

// fillUp lets the database have no further page; the result gives it room again.
func fillUp(b *bench) (room func()) {
	b.execute("PRAGMA incremental_vacuum", nil)
	b.execute("PRAGMA max_page_count = 1", nil) // SQLite makes it the pages that there are
	return func() { b.execute("PRAGMA max_page_count = 1073741823", nil) }
}

func TestTheProbeWritesAndLeavesNothing(t *testing.T) {
	s := serve(t)
	for range 3 {
		status, answer := probeOver(s)
		s.equal(status, 200)
		s.equal(answer, object{"problem": ""})
	}
	s.equal(s.count("SELECT count(*) FROM idempotency_keys"), 0)
}

func TestAFullDiskIsNamedAndSaidOnce(t *testing.T) {
	b := newBench(t)
	var told []string
	b.store.tellWith(func(format string, values ...any) { told = append(told, fmt.Sprintf(format, values...)) })
	room := fillUp(b)
	for range 3 {
		answer, err := b.store.probe()
		b.must(err)
		b.equal(answer.Problem, "the disk is full")
		if answer.Folder != b.app.DataDir() || !strings.Contains(answer.Free, "MB") {
			t.Errorf("%+v", answer)
		}
	}
	room()
	answer, err := b.store.probe()
	b.must(err)
	b.equal(answer, probeAnswer{})
	if len(told) != 2 || !strings.Contains(told[0], "the disk is full. Folder "+b.app.DataDir()) || !strings.Contains(told[1], "works again") {
		t.Errorf("%q", told)
	}
}

func TestASaveThatFindsNoRoomIsNoFaultOfTheRequest(t *testing.T) {
	s := serve(t)
	d := s.destination(nil)
	fields := object{"name": "m", "source": s.source, "destination": d, "template": object{"text": strings.Repeat("x", 100_000)}}
	room := fillUp(s.bench)
	status, answer := s.onBehalf(ada("a", "1"), "POST", "/api/collections/mappings/records", fields)
	s.equal(status, 503)
	if message, _ := answer["message"].(string); !strings.Contains(strings.ToLower(message), "the disk is full") {
		t.Errorf("%v", answer)
	}
	room()
	status, _ = s.onBehalf(ada("a", "1"), "POST", "/api/collections/mappings/records", fields)
	s.equal(status, 200)
	s.equal(s.count("SELECT count(*) FROM audit WHERE action = 'mapping.create'"), 1)
}

func TestALockOfAnotherProcessIsNamed(t *testing.T) {
	s := serve(t)
	other, err := dbx.Open("sqlite", filepath.Join(s.app.DataDir(), "data.db"))
	s.must(err)
	defer other.Close()
	other.DB().SetMaxOpenConns(1)
	_, err = other.NewQuery("BEGIN IMMEDIATE").Execute()
	s.must(err)
	var wait sync.WaitGroup
	for range 20 { // all share one write
		wait.Go(func() {
			status, answer := probeOver(s)
			s.equal(status, 200)
			if problem, _ := answer["problem"].(string); !strings.Contains(problem, "another process") {
				t.Errorf("%v", answer)
			}
		})
	}
	wait.Wait()
	_, err = other.NewQuery("ROLLBACK").Execute()
	s.must(err)
	for {
		if _, answer := probeOver(s); answer["problem"] == "" {
			break
		}
	}
}

func TestAReadOnlyDatabaseIsNamed(t *testing.T) {
	b := newBench(t)
	b.execute("PRAGMA query_only = TRUE", nil)
	answer, err := b.store.probe()
	b.must(err)
	b.equal(answer.Problem, "the database is read-only")
	b.execute("PRAGMA query_only = FALSE", nil)
}

// A real file system that fills up, where the machine lets root mount one.
func TestARealFullFileSystemIsNamed(t *testing.T) {
	dir := smallFileSystem(t, "8m")
	data := filepath.Join(dir, "data")
	copyTemplateTo(t, data)
	b := newBenchIn(t, data, testEnvironment())
	filler := filepath.Join(dir, "filler")
	file, err := os.Create(filler)
	b.must(err)
	for block := make([]byte, 4096); err == nil; {
		_, err = file.Write(block)
	}
	file.Close()
	for range 50 { // the log has some room of its own
		answer, err := b.store.probe()
		b.must(err)
		if answer.Problem == "the disk is full" {
			b.must(os.Remove(filler))
			answer, err = b.store.probe()
			b.must(err)
			b.equal(answer, probeAnswer{})
			return
		}
	}
	t.Error("the disk is full, and the probe says nothing")
}
