package main

import (
	"bufio"
	"bytes"
	"encoding/json/v2"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/access"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// BenchmarkService is what one PocketBase service sustains over HTTP: events of 1 KB with one delivery each, accepted on one connection and
// settled on another, as an API process does, in calls of so many events. Nothing else is done to them, and the calls were encoded before.
// Lone ones come 50 a second, so that each waits for a commit of its own.
func BenchmarkService(b *testing.B) {
	for _, size := range []int{1, 4, 16, 64} {
		b.Run(fmt.Sprintf("of=%d", size), func(b *testing.B) { benchmarkService(b, size, 0) })
	}
	b.Run("lone", func(b *testing.B) { benchmarkService(b, 1, 20*time.Millisecond) })
}

func benchmarkService(b *testing.B, size int, every time.Duration) {
	s := startForLoad(b)
	calls := make([]loadCall, b.N)
	for i := range calls {
		calls[i] = s.call(size)
	}
	cpu, written := s.cpuSeconds(), s.writtenBytes()
	b.ResetTimer()
	var settling sync.WaitGroup
	accepted := make(chan loadCall, 1)
	settled := []time.Duration{}
	settling.Go(func() {
		connection := s.connect()
		for call := range accepted {
			settled = append(settled, connection.send(call.settle))
		}
	})
	took := []time.Duration{}
	connection := s.connect()
	began := time.Now()
	for i, call := range calls {
		time.Sleep(time.Until(began.Add(time.Duration(i) * every)))
		took = append(took, connection.send(call.accept))
		accepted <- call
	}
	close(accepted)
	settling.Wait()
	b.StopTimer()
	events := float64(b.N * size)
	b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric((s.cpuSeconds()-cpu)*1000/events, "cpu-ms/event")
	b.ReportMetric((s.writtenBytes()-written)/events/1024, "written-KB/event")
	b.ReportMetric(s.rssMB(), "rss-MB")
	for name, times := range map[string][]time.Duration{"accept": took, "settle": settled} {
		slices.Sort(times)
		for _, p := range []int{50, 95} {
			b.ReportMetric(float64(times[len(times)*p/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", name, p))
		}
	}
	b.ReportMetric(0, "ns/op")
}

// loaded is the service in a process of its own.
type loaded struct {
	*testing.B
	pid                          int
	address, token               string
	account, source, destination string
	ids                          int
}

type loadCall struct{ accept, settle []byte }

func startForLoad(b *testing.B) *loaded {
	dir := b.TempDir()
	CopyTemplateTo(b, filepath.Join(dir, "data"))
	s := &loaded{B: b, source: "src000000000001", destination: "dst000000000001"}
	db, err := store.Connect(filepath.Join(dir, "data", "data.db"))
	s.must(err)
	s.must(db.NewQuery("SELECT id FROM accounts WHERE name = 'default'").Row(&s.account))
	_, err = db.NewQuery(`INSERT INTO destinations (id, name, type, url, enabled, account, max_concurrency)
		VALUES ({:id}, 'sink', 'http', 'https://example.com', TRUE, {:account}, 1000)`).Bind(dbx.Params{"id": s.destination, "account": s.account}).Execute()
	s.must(err)
	s.must(db.Close())
	s.token, err = access.ServiceToken([]byte("0123456789abcdef0123456789abcdef"))
	s.must(err)

	cmd := process(b, dir, servable, "serve", "--http=127.0.0.1:0")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	s.must(err)
	s.must(cmd.Start())
	b.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	s.address, _ = strings.CutPrefix(strings.TrimSpace(line), "pocketbase listening on http://")
	s.pid = cmd.Process.Pid
	go io.Copy(io.Discard, stdout)
	return s
}

func (s *loaded) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

const idLetters = "abcdefghijklmnopqrstuvwxyz0123456789"

// id has the form of api/src/model/ids.ts.
func (s *loaded) id() string {
	s.ids++
	id := []byte(strconv.FormatInt(time.Now().UnixMilli(), 36))
	for range 7 {
		id = append(id, idLetters[rand.IntN(len(idLetters))])
	}
	return string(id)
}

func (s *loaded) call(size int) loadCall {
	var items, results []Object
	for range size {
		event, delivery := s.id(), s.id()
		now := store.FormatTime(time.Now())
		items = append(items, Object{
			"event": Object{
				"id": event, "account": s.account, "source": s.source, "type": "issues", "correlation_id": fmt.Sprintf("0199%04x-%04x-7%03x-8%03x-%012x", s.ids>>16, s.ids&0xffff, s.ids&0xfff, rand.IntN(0xfff), rand.Int64N(1<<48)),
				"traceparent": "", "hops": 0, "dedupe_key": fmt.Sprintf("%08x-%04x-11ef-%012x", rand.Uint32(), rand.IntN(1<<16), rand.Int64N(1<<48)), "method": "POST", "query": "",
				"headers": [][2]string{{"Host", "127.0.0.1"}, {"Content-Type", "application/json"}, {"Content-Length", "1024"}, {"X-GitHub-Event", "issues"}, {"X-GitHub-Delivery", "bench-12345"},
					{"X-Hub-Signature-256", "sha256=" + strings.Repeat("ab", 32)}},
				"content_type": "application/json", "item": 0, "body": `{"text":"` + strings.Repeat("The quick brown fox jumps over the lazy dog. ", 22) + `"}`, "body_encoding": "utf8",
				"extracted": Object{"title": fmt.Sprintf("Issue number %d", s.ids), "number": s.ids},
				"decisions": []Object{{"mapping": "map000000000001", "destination": s.destination, "outcome": "delivered", "delivery": delivery}}, "received_at": now,
			},
			"deliveries": []Object{{
				"id": delivery, "mapping": "map000000000001", "destination": s.destination, "state": "pending", "passthrough": false, "request_content_type": "application/json",
				"request_body":   fmt.Sprintf(`{"n":%d,"title":"Issue number %d","text":"Issue %d by octocat","labels":["bug","help wanted"]}`, s.ids, s.ids, s.ids),
				"request_values": nil, "expires_in_ms": 7 * DayMs, "lease": true,
			}},
		})
		results = append(results, Object{"delivery": delivery, "lease_token": 1, "next": Object{"state": "delivered", "retry_in_ms": 0, "used_try": true}, "attempt": Object{
			"id": s.id(), "number": 1, "started_at": now, "duration_ms": 1.25, "status": 200, "outcome": "success", "error": "", "response_body": "",
			"response_headers": Object{"content-length": "0", "date": "Fri, 27 Nov 2026 20:00:00 GMT", "connection": "keep-alive", "keep-alive": "timeout=5"},
		}})
	}
	return loadCall{
		s.encode("accept", Object{"owner": "bench", "lease_ms": LeaseMs, "items": items}),
		s.encode("settle", Object{"owner": "bench", "results": results}),
	}
}

func (s *loaded) encode(route string, body any) []byte {
	encoded, err := json.Marshal(body)
	s.must(err)
	return fmt.Appendf(nil, "POST /api/pockethook/%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAuthorization: %s %s\r\nContent-Length: %d\r\n\r\n%s",
		route, s.address, access.ServiceScheme, s.token, len(encoded), encoded)
}

type loadConnection struct {
	*loaded
	net.Conn
	reader *bufio.Reader
}

func (s *loaded) connect() *loadConnection {
	connection, err := net.Dial("tcp", s.address)
	if err != nil {
		panic(err)
	}
	s.Cleanup(func() { connection.Close() })
	return &loadConnection{s, connection, bufio.NewReader(connection)}
}

// send returns how long the answer took; it panics unless all was stored, since it is called on several goroutines.
func (c *loadConnection) send(call []byte) time.Duration {
	began := time.Now()
	if _, err := c.Write(call); err != nil {
		panic(err)
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		panic(err)
	}
	body, err := io.ReadAll(response.Body)
	took := time.Since(began)
	if err != nil || response.StatusCode != 200 || !bytes.Contains(body, []byte(`"leased"`)) && !bytes.Contains(body, []byte(`"settled"`)) {
		panic(fmt.Sprint(err, response.Status, string(body)))
	}
	return took
}

func (s *loaded) proc(file string) string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.pid, file))
	s.must(err)
	return string(content)
}

func (s *loaded) cpuSeconds() float64 {
	_, after, _ := strings.Cut(s.proc("stat"), ") ")
	fields := strings.Fields(after)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

func (s *loaded) rssMB() float64 { return s.field("status", "VmRSS:") / 1024 }

// writtenBytes are those of the log and of the database, and of answers.
func (s *loaded) writtenBytes() float64 { return s.field("io", "wchar:") }

func (s *loaded) field(file, name string) float64 {
	for line := range strings.Lines(s.proc(file)) {
		if rest, found := strings.CutPrefix(line, name); found {
			value, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return value
		}
	}
	return 0
}
