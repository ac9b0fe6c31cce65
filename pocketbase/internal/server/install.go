// Package server adds Pockethook's store to a PocketBase app: hooks, routes, environment, lock of the data folder.
package server

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/jsvm"

	"pockethook/internal/access"
	"pockethook/internal/configuration"
	"pockethook/internal/dashboard"
	"pockethook/internal/edits"
	"pockethook/internal/handshake"
	"pockethook/internal/hits"
	"pockethook/internal/policy"
	"pockethook/internal/queue"
	"pockethook/internal/rules"
	"pockethook/internal/search"
	"pockethook/internal/secrets"
	"pockethook/internal/statistics"
	"pockethook/internal/store"
	"pockethook/internal/traffic"
	"pockethook/internal/triggers"
)

// hooksPool is the number of JavaScript runtimes for hooks that an operator adds.
const hooksPool = 5

// Directories are those of PocketBase's JS migrations and hooks.
type Directories struct{ Migrations, Hooks string }

// Options are what Install needs from outside.
type Options struct {
	Environment Environment
	Directories Directories
	Now         func() time.Time
	// Listening is called with the real address once requests are answered.
	Listening func(url string)
}

// Install adds everything of Pockethook to a PocketBase app.
func Install(app core.App, options Options) error {
	err := jsvm.Register(app, jsvm.Config{
		MigrationsDir: options.Directories.Migrations,
		HooksDir:      options.Directories.Hooks,
		HooksPoolSize: hooksPool,
	})
	if err != nil {
		return err
	}
	keys, err := secrets.NewKeyring(options.Environment.EncryptionKeys)
	if err != nil {
		return err
	}
	vault := secrets.NewVault(keys, rules.SecretFields())
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if err := preflight(e.App.DataDir(), vault, options.Environment.AcceptLostKeys); err != nil {
			return err
		}
		return e.Next()
	})
	// Commands that save no record may run without the folder.
	if options.Directories.Hooks != "" {
		check, err := rules.NewExpressionCheck(options.Directories.Hooks)
		if err != nil {
			return err
		}
		check.Bind(app)
	}
	configuration.Bind(app)
	rules.Bind(app, vault, rules.URLs{
		AllowHTTP:       options.Environment.AllowHTTPDestinations,
		PrivateNetworks: options.Environment.AllowedPrivateNetworks,
		Ports:           options.Environment.AllowedPorts,
	})
	secrets.Bind(app, vault)
	handshake.Bind(app)
	policy.Bind(app, options.Now)
	triggers.Bind(app)
	access.BindLogins(app, options.Now)
	access.BindUsers(app)
	statistics.Bind(app)
	edits.BindAudit(app, vault, options.Now)
	bindServe(app, options, keys, vault)
	return nil
}

func bindServe(app core.App, options Options, keys *secrets.Keyring, vault *secrets.Vault) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		if err := access.EnsureOperator(e.App, options.Environment.AdminEmail, options.Environment.AdminPassword); err != nil {
			return err
		}
		service, err := access.NewServiceAccount(options.Environment.EncryptionKeys)
		if err != nil {
			return err
		}
		service.Bind(e.Router)
		if err := store.HealMeta(e.App, options.Now()); err != nil {
			return err
		}
		edits.BindReadOnly(e)
		dashboard.Bind(e, options.Directories.Hooks)
		database, err := store.New(e.App, options.Now)
		if err != nil {
			return err
		}
		counted := hits.New(database, keys)
		if err := counted.BindPurge(); err != nil {
			return err
		}
		if err := traffic.BindPurge(database); err != nil {
			return err
		}
		publishChanges(e.App, database)
		background(e.App, database.RunCheckpoints, search.Index{Store: database}.Run, traffic.Rollup{Store: database}.Run)
		deliveries := queue.New(database)
		bindRoutes(e.Router, database, deliveries, counted, vault, options.Directories.Migrations)

		listener, err := listen(e.Server.Addr, options.Environment.Supervised)
		if err != nil {
			return err
		}
		e.Listener = listener
		if err := e.Next(); err != nil {
			listener.Close()
			return err
		}
		e.Server.Handler = answerQueue(e.Server.Handler, deliveries, service)
		forgetStart()
		options.Listening("http://" + listener.Addr().String())
		return nil
	})
}

// forgetStart gives back the memory that only the start needed: each migration has a JavaScript runtime, 10 MB together, and they have run.
func forgetStart() {
	core.AppMigrations = core.MigrationsList{}
	debug.FreeOSMemory()
}

// publishChanges lets streams see at once what a save of a destination does to its deliveries.
func publishChanges(app core.App, database *store.Store) {
	publish := func(e *core.RecordEvent) error {
		if err := database.PublishChanges(); err != nil {
			e.App.Logger().Warn("Changes of deliveries are announced with the next ones", "error", err)
		}
		return e.Next()
	}
	app.OnRecordAfterUpdateSuccess("destinations").BindFunc(publish)
	app.OnRecordAfterDeleteSuccess("destinations").BindFunc(publish)
}

// background runs work until the service ends.
func background(app core.App, works ...func(ctx context.Context)) {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, work := range works {
		running.Go(func() { work(ctx) })
	}
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		running.Wait()
		return e.Next()
	})
}
