package main

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
)

// service is the whole thing over HTTP.
type service struct {
	*bench
	URL      string
	Operator string
}

func serve(t *testing.T) *service {
	t.Helper()
	dir := copyTemplate(t)
	urls := make(chan string, 1)
	app, err := newApp(dir, testEnvironment(), func(url string) { urls <- url }, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() { failed <- apis.Serve(app, apis.ServeConfig{HttpAddr: "127.0.0.1:0"}) }()
	s := &service{bench: &bench{TB: t, App: app, Time: time.Now()}}
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
	s.Source = s.Save("sources", object{"name": "github", "enabled": true, "verification": "github", "secrets": []string{"source-secret-abcd"}}).Id
	s.Operator = s.Login("_superusers", "operator@example.com", "correct horse")
	return s
}

func (s *service) Login(collection, email, password string) string {
	s.Helper()
	status, body := s.Call("", "POST", "/api/collections/"+collection+"/auth-with-password", object{"identity": email, "password": password})
	if status != 200 {
		s.Fatalf("%d %s", status, body)
	}
	var answer struct{ Token string }
	s.Must(json.Unmarshal([]byte(body), &answer, json.MatchCaseInsensitiveNames(true)))
	return answer.Token
}

func (s *service) Call(token, method, path string, body any) (int, string) {
	s.Helper()
	var reader io.Reader
	if body != nil {
		if text, isText := body.(jsontext.Value); isText {
			reader = bytes.NewReader(text)
		} else {
			reader = bytes.NewReader(raw(body))
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

func (s *service) User(account, email string) string {
	s.Helper()
	users, err := s.App.FindCollectionByNameOrId("users")
	s.Must(err)
	record := core.NewRecord(users)
	record.Load(object{"email": email, "password": "correct horse", "account": account, "role": "admin"})
	s.Must(s.App.Save(record))
	return s.Login("users", email, "correct horse")
}

func decoded(text string) (value any) {
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(text)
	}
	return value
}

// OnBehalf sends what the API service sends when it changes a record for somebody.
func (s *service) OnBehalf(by caller, method, path string, body any) (int, object) {
	s.Helper()
	token, err := serviceToken(testEnvironment().EncryptionKeys[0])
	s.Must(err)
	return s.WithCaller(serviceScheme+" "+token, by, method, path, body)
}

func (s *service) WithCaller(authorization string, by caller, method, path string, body any) (int, object) {
	s.Helper()
	header, err := json.Marshal(by)
	s.Must(err)
	request, err := http.NewRequest(method, s.URL+path, bytes.NewReader(raw(body)))
	s.Must(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", authorization)
	request.Header.Set(callerHeader, string(header))
	response, err := http.DefaultClient.Do(request)
	s.Must(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	s.Must(err)
	if len(text) == 0 {
		return response.StatusCode, nil
	}
	return response.StatusCode, decoded(string(text)).(object)
}

func ada(key, fingerprint string) caller {
	hex := func(text string) string { return strings.Repeat(text, 64)[:64] }
	return caller{Actor: "user:ada@example.com", Via: "cli", CorrelationID: "c-1", Once: once{hex(key), hex(fingerprint)}}
}
