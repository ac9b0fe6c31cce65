package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/server"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
)

// schema is all that SQLite knows of tables and indexes, without what the migrations count.
func schema(t *testing.T, app core.App) []string {
	t.Helper()
	var all []string
	if err := app.DB().NewQuery("SELECT name || ': ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").Column(&all); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(slices.Values(all))
}

func TestMigrationsGoUpDownAndUp(t *testing.T) {
	app, err := NewApp(filepath.Join(t.TempDir(), "data"), TestEnvironment(), nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	defer app.ClearBootstrap()
	before := schema(t, app)
	runner := core.NewMigrationsRunner(app, core.AppMigrations)
	applied, err := runner.Up()
	if err != nil || len(applied) != len(core.AppMigrations.Items()) || len(applied) == 0 {
		t.Fatalf("%v %v", applied, err)
	}
	after := schema(t, app)
	// One by one: each down has to work on what its own up left.
	for range applied {
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
	}
	if got := schema(t, app); !slices.Equal(got, before) {
		t.Fatalf("down leaves\n%s\nof\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
	}
	if name := app.Settings().Meta.AppName; name != "Acme" {
		t.Errorf("the application is still named %s", name)
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	if got := schema(t, app); !slices.Equal(got, after) {
		t.Fatalf("up again makes\n%s\ninstead of\n%s", strings.Join(got, "\n"), strings.Join(after, "\n"))
	}
}

func TestDatabaseIsSetUpForGood(t *testing.T) {
	b := NewBench(t)
	for pragma, want := range map[string]string{
		"auto_vacuum": "2", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "cache_size": "-8000",
	} {
		var got string
		b.Must(b.App.NonconcurrentDB().NewQuery("PRAGMA " + pragma).Row(&got))
		if got != want {
			t.Errorf("%s is %s", pragma, got)
		}
	}
	settings := b.App.Settings()
	b.Equal([]any{settings.Meta.AppName, settings.Meta.HideControls, settings.Logs.LogIP}, []any{"Pockethook", false, false})
}

// What is there when the service is upgraded stays as it is: the policy of destinations only adds to it.
func TestPolicyMigrationsKeepWhatIsStored(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(Object{"max_concurrency": 3, "ordered": true})
	b.Enqueue(d, d)
	b.Deliver("a", b.Claim("a", 1).Deliveries[0].ID, 1)
	runner := core.NewMigrationsRunner(b.App, core.AppMigrations)
	for b.Count("SELECT count(*) FROM _migrations WHERE file = '1795431640_destination_policy.js'") > 0 {
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
	}
	columns := map[string][]string{}
	for _, table := range []string{"destinations", "deliveries", "attempts", "events"} {
		var err error
		columns[table], err = b.App.TableColumns(table)
		b.Must(err)
	}
	before := rowsOf(b, columns)
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	b.Equal(rowsOf(b, columns), before)
	destination := b.Get("destinations", d)
	b.Equal([]any{destination.GetBool("paused"), destination.GetInt("rate_limit")}, []any{false, 0})
}

// rowsOf are what some columns of tables hold.
func rowsOf(b *Bench, columns map[string][]string) map[string]any {
	b.Helper()
	all := map[string]any{}
	for table, names := range columns {
		var rows []dbx.NullStringMap
		b.Must(b.App.DB().Select(names...).From(table).OrderBy("id").All(&rows))
		all[table] = rows
	}
	return all
}

// Rules that read a header whose name looks like a credential's find it after the upgrade as before.
func TestRulesGoOnFindingWhatTheyRead(t *testing.T) {
	b := NewBench(t)
	runner := core.NewMigrationsRunner(b.App, core.AppMigrations)
	for b.Count("SELECT count(*) FROM _migrations WHERE file = '1795431742_not_redacted.js'") > 0 {
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
	}
	b.Execute(`UPDATE sources SET dedupe_key = 'headers["X-Order-Key"]', event_type = 'headers[?"x-kind"].orValue("")',
		extract = '{"a": "query.token", "b": "headers[\"x-signature\"]", "c": "headers.authorization"}'`, nil)
	b.Execute(`INSERT INTO sources (id, account, name, verification, event_type) VALUES ('other0000000001', {:account}, 'other', 'none', 'body.token')`,
		Object{"account": b.Account})
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	b.Equal(b.Get("sources", b.Source).GetString("not_redacted"), `["x-order-key","token","x-signature"]`)
	b.Equal(b.Get("sources", "other0000000001").GetString("not_redacted"), "null")
}

// Of several records with one name, which were possible before, the oldest keeps it.
func TestTwinsAreRenamedOnceAndForAll(t *testing.T) {
	b := NewBench(t)
	runner := core.NewMigrationsRunner(b.App, core.AppMigrations)
	for b.Count("SELECT count(*) FROM _migrations WHERE file = '1795431820_unique_names.js'") > 0 {
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("é", 100)
	for i, twin := range []struct{ account, name, want string }{
		{b.Account, "alerts", "alerts"},
		{b.Account, "alerts (2)", "alerts (2)"},
		{b.Account, "alerts", "alerts (3)"},
		{b.Account, "alerts", "alerts (4)"},
		{"another00000000", "alerts", "alerts"},
		{b.Account, "alerts (2)", "alerts (2) (2)"},
		{b.Account, long, long},
		{b.Account, long, strings.Repeat("é", 96) + " (2)"},
	} {
		id := fmt.Sprintf("twin%011d", i)
		b.Execute("INSERT INTO destinations (id, account, name, type, created) VALUES ({:id}, {:account}, {:name}, 'inbox', {:created})",
			Object{"id": id, "account": twin.account, "name": twin.name, "created": fmt.Sprintf("2026-11-0%d 12:00:00.000Z", i+1)})
		b.Execute("INSERT INTO mappings (id, account, name, source, destination) VALUES ({:id}, {:account}, {:name}, {:source}, {:id})",
			Object{"id": id, "account": twin.account, "name": twin.name, "source": b.Source})
		defer func() {
			b.Equal(b.Get("destinations", id).GetString("name"), twin.want)
			b.Equal(b.Get("mappings", id).GetString("name"), twin.want)
		}()
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrationsStatus(t *testing.T) {
	b := NewBench(t)
	answer, err := server.Migrations(b.App, testfiles.InProject("pb_migrations"))
	b.Must(err)
	b.Equal([]any{answer.Applied[len(answer.Applied)-1], answer.Pending}, []any{testfiles.NewestMigration(t), []string{}})
	dir := t.TempDir()
	b.Must(os.WriteFile(filepath.Join(dir, "1999999999_next.js"), nil, 0o600))
	b.Must(os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600))
	answer, err = server.Migrations(b.App, dir)
	b.Must(err)
	b.Equal(answer.Pending, []string{"1999999999_next.js"})
}
