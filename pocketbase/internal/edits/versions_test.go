package edits_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	. "pockethook/internal/testkit"
)

func versionOf(s *Service, collection, id string) string {
	s.Helper()
	return strings.Replace(s.Get(collection, id).GetString("updated"), " ", "T", 1)
}

func TestEveryChangeMakesAnotherVersion(t *testing.T) {
	s := Serve(t)
	d := s.Destination(nil)
	seen := map[string]bool{versionOf(s, "destinations", d): true}
	for i := range 20 {
		s.Update("destinations", d, Object{"max_concurrency": i + 1})
		seen[versionOf(s, "destinations", d)] = true
	}
	// Further than this clock will be: it was set back.
	s.Execute("UPDATE destinations SET updated = '2200-01-01 00:00:00.000Z'", nil)
	status, _ := s.Call(s.Operator, "POST", "/api/pockethook/destination", Object{"destination": d, "command": "pause", "actor": "a"})
	s.Equal([]any{status, versionOf(s, "destinations", d)}, []any{200, "2200-01-01T00:00:00.001Z"})
	s.Update("destinations", d, Object{"max_concurrency": 1})
	s.Equal([]any{versionOf(s, "destinations", d), len(seen)}, []any{"2200-01-01T00:00:00.002Z", 21})
}

func TestChangesOnlyTheVersionThatWasSeen(t *testing.T) {
	s := Serve(t)
	d := s.Destination(nil)
	path := "/api/collections/destinations/records/" + d
	change := func(key, method string, versions ...string) int {
		by := Ada(key, "1")
		by.IfMatch = versions
		status, _ := s.OnBehalf(by, method, path, Object{"name": "n" + key})
		return status
	}
	first := versionOf(s, "destinations", d)
	s.Equal(change("1", "PATCH", "other", first), http.StatusOK)
	s.Equal(change("1", "PATCH", "other", first), http.StatusOK) // the same request again
	s.Equal(change("2", "PATCH", first), http.StatusPreconditionFailed)
	s.Equal(change("3", "DELETE", first), http.StatusPreconditionFailed)
	s.Equal(change("4", "PATCH", []string{}...), http.StatusPreconditionFailed) // weak ones only
	s.Equal(change("7", "PATCH"), http.StatusOK)
	second := versionOf(s, "destinations", d)
	s.Call(s.Operator, "PATCH", path, Object{"name": "by hand"})
	s.Equal(change("5", "PATCH", second), http.StatusPreconditionFailed)
	s.Equal(s.Get("destinations", d).GetString("name"), "by hand")
	s.Equal(s.Count("SELECT count(*) FROM audit WHERE action = 'destination.update'"), 3)
	s.Equal(change("6", "DELETE", versionOf(s, "destinations", d)), http.StatusNoContent)
}

func TestOfManyWhoSawTheSameOneChangesIt(t *testing.T) {
	s := Serve(t)
	d := s.Destination(nil)
	by := Ada("1", "1")
	by.IfMatch = []string{versionOf(s, "destinations", d)}
	statuses := make(chan int, 20)
	var all sync.WaitGroup
	for i := range cap(statuses) {
		all.Go(func() {
			mine := Ada(string(rune('a'+i%6))+string(rune('0'+i/6)), "1")
			mine.IfMatch = by.IfMatch
			status, _ := s.OnBehalf(mine, "PATCH", "/api/collections/destinations/records/"+d, Object{"max_concurrency": i + 1})
			statuses <- status
		})
	}
	all.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	s.Equal(count, map[int]int{200: 1, 412: 19})
}
