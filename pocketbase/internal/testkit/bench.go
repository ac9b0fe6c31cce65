// Package testkit is what tests of several packages share: the installed app on a database of its own, with and without HTTP.
package testkit

import (
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/queue"
	"pockethook/internal/server"
	"pockethook/internal/store"
	"pockethook/internal/testfiles"
)

// template is a data directory with every migration applied; each test works on a copy of it.
var template = sync.OnceValues(func() (files fstest.MapFS, err error) {
	dir, err := os.MkdirTemp("", "pockethook-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrate(dir); err != nil {
		return nil, err
	}
	files = fstest.MapFS{}
	return files, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = &fstest.MapFile{Data: content, Mode: 0o600}
		return err
	})
})

func migrate(dir string) error {
	app, err := NewApp(dir, TestEnvironment(), nil, time.Now)
	if err != nil {
		return err
	}
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	return app.ClearBootstrap()
}

// CopyTemplate is a migrated data directory of the test's own.
func CopyTemplate(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	CopyTemplateTo(t, dir)
	return dir
}

func CopyTemplateTo(t testing.TB, dir string) {
	t.Helper()
	files, err := template()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
}

func TestEnvironment() server.Environment {
	return server.Environment{
		AdminEmail:             "operator@example.com",
		AdminPassword:          "correct horse",
		EncryptionKeys:         [][]byte{[]byte("0123456789abcdef0123456789abcdef")},
		AllowedPrivateNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		AllowHTTPDestinations:  true,
	}
}

// NewApp is what main makes, on a directory of its own and without the command line.
func NewApp(dir string, env server.Environment, listening func(string), now func() time.Time) (core.App, error) {
	core.AppMigrations = core.MigrationsList{}
	app := core.NewBaseApp(core.BaseAppConfig{
		DataDir: dir, DBConnect: store.Connect, DataMaxOpenConns: store.DataConnections, DataMaxIdleConns: store.DataConnections,
		AuxMaxOpenConns: store.AuxConnections, AuxMaxIdleConns: 1, QueryTimeout: core.DefaultQueryTimeout,
	})
	err := server.Install(app, server.Options{
		Environment: env, Listening: listening, Now: now,
		Directories: server.Directories{Migrations: testfiles.InProject("pb_migrations")},
	})
	return app, err
}

// Bench is a queue on a real database, with a clock that the test moves.
type Bench struct {
	testing.TB
	App     core.App
	Store   *store.Store
	Queue   *queue.Queue
	Time    time.Time
	Account string
	Source  string
	IDs     int
}

func (b *Bench) Now() time.Time { return b.Time }

func NewBench(t testing.TB) *Bench { return newBenchWith(t, TestEnvironment()) }

func newBenchWith(t testing.TB, env server.Environment) *Bench {
	t.Helper()
	b := NewBenchIn(t, CopyTemplate(t), env)
	b.Source = b.Save("sources", map[string]any{"name": "github", "enabled": true, "verification": "none"}).Id
	return b
}

// NewBenchIn works on a data directory that is there already.
func NewBenchIn(t testing.TB, dir string, env server.Environment) *Bench {
	t.Helper()
	b := &Bench{TB: t, Time: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	app, err := NewApp(dir, env, nil, b.Now)
	b.Must(err)
	b.Must(app.Bootstrap())
	t.Cleanup(func() { app.ClearBootstrap() })
	b.App = app
	b.Store, err = store.New(app, b.Now)
	b.Must(err)
	b.Queue = queue.New(b.Store)
	account, err := app.FindFirstRecordByData("accounts", "name", "default")
	b.Must(err)
	b.Account = account.Id
	return b
}

func (b *Bench) Must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *Bench) ID(prefix string) string {
	b.IDs++
	return fmt.Sprintf("%s%0*d", prefix, 15-len(prefix), b.IDs)
}

// Save makes a record through the app, so with all its hooks; the account is the default one.
func (b *Bench) Save(collection string, fields map[string]any) *core.Record {
	b.Helper()
	record, err := b.TrySave(collection, fields)
	b.Must(err)
	return record
}

func (b *Bench) TrySave(collection string, fields map[string]any) (*core.Record, error) {
	b.Helper()
	c, err := b.App.FindCachedCollectionByNameOrId(collection)
	b.Must(err)
	record := core.NewRecord(c)
	record.Load(map[string]any{"account": b.Account})
	record.Load(fields)
	return record, b.App.Save(record)
}

// Destination makes an enabled HTTP destination: d, then d1, d2 …
func (b *Bench) Destination(fields map[string]any) string {
	b.Helper()
	name := "d"
	if others := b.Count("SELECT count(*) FROM destinations"); others > 0 {
		name += strconv.Itoa(others)
	}
	all := map[string]any{"name": name, "type": "http", "url": "https://93.184.215.14/hook", "enabled": true}
	for name, value := range fields {
		all[name] = value
	}
	return b.Save("destinations", all).Id
}

func (b *Bench) Update(collection, id string, fields map[string]any) {
	b.Helper()
	record, err := b.App.FindRecordById(collection, id)
	b.Must(err)
	record.Load(fields)
	b.Must(b.App.Save(record))
}

func (b *Bench) Get(collection, id string) *core.Record {
	b.Helper()
	record, err := b.App.FindRecordById(collection, id)
	b.Must(err)
	return record
}

func (b *Bench) Count(query string) (n int) {
	b.Helper()
	b.Must(b.App.DB().NewQuery(query).Row(&n))
	return n
}

func (b *Bench) State(delivery string) string {
	b.Helper()
	return b.Get("deliveries", delivery).GetString("state")
}

func (b *Bench) Execute(query string, params dbx.Params) {
	b.Helper()
	_, err := b.App.NonconcurrentDB().NewQuery(query).Bind(params).Execute()
	b.Must(err)
}
