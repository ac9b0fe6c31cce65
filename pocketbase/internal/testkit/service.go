package testkit

import (
	"bytes"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/access"
	"pockethook/internal/audit"
	"pockethook/internal/edits"
	"pockethook/internal/queue"
	"pockethook/internal/store"
)

// Service is the whole thing over HTTP.
type Service struct {
	*Bench
	URL      string
	Operator string
}

func Serve(t *testing.T) *Service {
	t.Helper()
	dir := CopyTemplate(t)
	urls := make(chan string, 1)
	app, err := NewApp(dir, TestEnvironment(), func(url string) { urls <- url }, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() { failed <- apis.Serve(app, apis.ServeConfig{HttpAddr: "127.0.0.1:0"}) }()
	s := &Service{Bench: &Bench{TB: t, App: app, Time: time.Now()}}
	select {
	case s.URL = <-urls:
	case err := <-failed:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		event := &core.TerminateEvent{App: app}
		app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return app.ClearBootstrap() })
		<-failed
	})
	account, err := app.FindFirstRecordByData("accounts", "name", "default")
	s.Must(err)
	s.Account = account.Id
	s.Store, err = store.New(app, time.Now)
	s.Must(err)
	s.Queue = queue.New(s.Store)
	s.Source = s.Save("sources", Object{"name": "github", "enabled": true, "verification": "github", "secrets": []string{"source-secret-abcd"}}).Id
	s.Operator = s.Login("_superusers", "operator@example.com", "correct horse")
	return s
}

func (s *Service) Login(collection, email, password string) string {
	s.Helper()
	status, body := s.Call("", "POST", "/api/collections/"+collection+"/auth-with-password", Object{"identity": email, "password": password})
	if status != 200 {
		s.Fatalf("%d %s", status, body)
	}
	var answer struct{ Token string }
	s.Must(json.Unmarshal([]byte(body), &answer, json.MatchCaseInsensitiveNames(true)))
	return answer.Token
}

func (s *Service) Call(token, method, path string, body any) (int, string) {
	s.Helper()
	var reader io.Reader
	if body != nil {
		if text, isText := body.(jsontext.Value); isText {
			reader = bytes.NewReader(text)
		} else {
			reader = bytes.NewReader(Raw(body))
		}
	}
	request, err := http.NewRequest(method, s.URL+path, reader)
	s.Must(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	s.Must(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	s.Must(err)
	return response.StatusCode, string(text)
}

func (s *Service) User(account, email string) string {
	s.Helper()
	users, err := s.App.FindCollectionByNameOrId("users")
	s.Must(err)
	record := core.NewRecord(users)
	record.Load(Object{"email": email, "password": "correct horse", "account": account, "role": "admin"})
	s.Must(s.App.Save(record))
	return s.Login("users", email, "correct horse")
}

func Decoded(text string) (value any) {
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(text)
	}
	return value
}

// OnBehalf sends what the API service sends when it changes a record for somebody.
func (s *Service) OnBehalf(by audit.Caller, method, path string, body any) (int, Object) {
	s.Helper()
	token, err := access.ServiceToken(TestEnvironment().EncryptionKeys[0])
	s.Must(err)
	return s.WithCaller(access.ServiceScheme+" "+token, by, method, path, body)
}

func (s *Service) WithCaller(authorization string, by audit.Caller, method, path string, body any) (int, Object) {
	s.Helper()
	header, err := json.Marshal(by)
	s.Must(err)
	request, err := http.NewRequest(method, s.URL+path, bytes.NewReader(Raw(body)))
	s.Must(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", authorization)
	request.Header.Set(edits.CallerHeader, string(header))
	response, err := http.DefaultClient.Do(request)
	s.Must(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	s.Must(err)
	if len(text) == 0 {
		return response.StatusCode, nil
	}
	return response.StatusCode, Decoded(string(text)).(Object)
}

func Ada(key, fingerprint string) audit.Caller {
	hex := func(text string) string { return strings.Repeat(text, 64)[:64] }
	return audit.Caller{Actor: "user:ada@example.com", Via: "cli", CorrelationID: "c-1", Once: audit.Once{Key: hex(key), Fingerprint: hex(fingerprint)}}
}
