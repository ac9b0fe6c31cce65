package main

import (
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
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
	app, err := newApp(dir, testEnvironment(), nil, time.Now)
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

// copyTemplate is a migrated data directory of the test's own.
func copyTemplate(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	copyTemplateTo(t, dir)
	return dir
}

func copyTemplateTo(t testing.TB, dir string) {
	t.Helper()
	files, err := template()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
}

func testEnvironment() environment {
	return environment{
		AdminEmail:             "operator@example.com",
		AdminPassword:          "correct horse",
		EncryptionKeys:         [][]byte{[]byte("0123456789abcdef0123456789abcdef")},
		AllowedPrivateNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		AllowHTTPDestinations:  true,
	}
}

// newApp is what main makes, on a directory of its own and without the command line.
func newApp(dir string, env environment, listening func(string), now func() time.Time) (core.App, error) {
	core.AppMigrations = core.MigrationsList{}
	app := core.NewBaseApp(core.BaseAppConfig{
		DataDir: dir, DBConnect: connect, DataMaxOpenConns: dataConnections, DataMaxIdleConns: dataConnections,
		AuxMaxOpenConns: auxConnections, AuxMaxIdleConns: 1, QueryTimeout: core.DefaultQueryTimeout,
	})
	err := install(app, installOptions{
		environment: env, listening: listening, now: now,
		directories: directories{migrations: inProject("pb_migrations")},
	})
	return app, err
}

// bench is a queue on a real database, with a clock that the test moves.
type bench struct {
	testing.TB
	app     core.App
	store   *store
	queue   *queue
	time    time.Time
	account string
	source  string
	ids     int
}

func (b *bench) now() time.Time { return b.time }

func newBench(t testing.TB) *bench { return newBenchWith(t, testEnvironment()) }

func newBenchWith(t testing.TB, env environment) *bench {
	t.Helper()
	b := newBenchIn(t, copyTemplate(t), env)
	b.source = b.save("sources", map[string]any{"name": "github", "enabled": true, "verification": "none"}).Id
	return b
}

// newBenchIn works on a data directory that is there already.
func newBenchIn(t testing.TB, dir string, env environment) *bench {
	t.Helper()
	b := &bench{TB: t, time: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	app, err := newApp(dir, env, nil, b.now)
	b.must(err)
	b.must(app.Bootstrap())
	t.Cleanup(func() { app.ClearBootstrap() })
	b.app = app
	b.store, err = newStore(app, b.now)
	b.must(err)
	b.queue = newQueue(b.store)
	account, err := app.FindFirstRecordByData("accounts", "name", "default")
	b.must(err)
	b.account = account.Id
	return b
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) id(prefix string) string {
	b.ids++
	return fmt.Sprintf("%s%0*d", prefix, 15-len(prefix), b.ids)
}

// save makes a record through the app, so with all its hooks; the account is the default one.
func (b *bench) save(collection string, fields map[string]any) *core.Record {
	b.Helper()
	record, err := b.trySave(collection, fields)
	b.must(err)
	return record
}

func (b *bench) trySave(collection string, fields map[string]any) (*core.Record, error) {
	b.Helper()
	c, err := b.app.FindCachedCollectionByNameOrId(collection)
	b.must(err)
	record := core.NewRecord(c)
	record.Load(map[string]any{"account": b.account})
	record.Load(fields)
	return record, b.app.Save(record)
}

// destination makes an enabled HTTP destination.
func (b *bench) destination(fields map[string]any) string {
	b.Helper()
	all := map[string]any{"name": "d", "type": "http", "url": "https://93.184.215.14/hook", "enabled": true}
	for name, value := range fields {
		all[name] = value
	}
	return b.save("destinations", all).Id
}

func (b *bench) update(collection, id string, fields map[string]any) {
	b.Helper()
	record, err := b.app.FindRecordById(collection, id)
	b.must(err)
	record.Load(fields)
	b.must(b.app.Save(record))
}

func (b *bench) get(collection, id string) *core.Record {
	b.Helper()
	record, err := b.app.FindRecordById(collection, id)
	b.must(err)
	return record
}

func (b *bench) count(query string) (n int) {
	b.Helper()
	b.must(b.app.DB().NewQuery(query).Row(&n))
	return n
}

func (b *bench) state(delivery string) string {
	b.Helper()
	return b.get("deliveries", delivery).GetString("state")
}

func (b *bench) execute(query string, params dbx.Params) {
	b.Helper()
	_, err := b.app.NonconcurrentDB().NewQuery(query).Bind(params).Execute()
	b.must(err)
}
