package main

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
)

// hooksPool is the number of JS machines for hooks that an operator adds.
const hooksPool = 5

type directories struct{ Migrations, Hooks string }

type installOptions struct {
	Environment environment
	Directories directories
	Now         func() time.Time
	// Listening is told the real address, once requests are answered.
	Listening func(url string)
}

// install makes a PocketBase app the store of Pockethook: everything that main adds to the framework.
func install(app core.App, options installOptions) error {
	err := jsvm.Register(app, jsvm.Config{
		MigrationsDir: options.Directories.Migrations,
		HooksDir:      options.Directories.Hooks,
		HooksPoolSize: hooksPool,
	})
	if err != nil {
		return err
	}
	keys, err := newKeyring(options.Environment.EncryptionKeys)
	if err != nil {
		return err
	}
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if err := preflight(e.App.DataDir(), keys, options.Environment.AcceptLostKeys); err != nil {
			return err
		}
		return e.Next()
	})
	// Commands that save no record come without the folder.
	if options.Directories.Hooks != "" {
		check, err := newExpressionCheck(options.Directories.Hooks)
		if err != nil {
			return err
		}
		check.Bind(app)
	}
	bindConfigVersion(app)
	vault := newVault(keys)
	bindRules(app, vault, urlRules{
		AllowHTTP:       options.Environment.AllowHTTPDestinations,
		PrivateNetworks: options.Environment.AllowedPrivateNetworks,
		Ports:           options.Environment.AllowedPorts,
	})
	bindSecrets(app, vault)
	bindDestinationState(app, options.Now)
	bindChanges(app, vault, options.Now)
	bindServe(app, options, vault)
	return nil
}

func bindServe(app core.App, options installOptions, vault *secrets) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		if err := ensureOperator(e.App, options.Environment.AdminEmail, options.Environment.AdminPassword); err != nil {
			return err
		}
		if err := bindServiceAccount(e.Router, options.Environment.EncryptionKeys); err != nil {
			return err
		}
		if err := healMeta(e.App, options.Now()); err != nil {
			return err
		}
		bindReadOnly(e)
		database, err := newStore(e.App, options.Now)
		if err != nil {
			return err
		}
		bindRoutes(e.Router, database, vault, options.Directories.Migrations)

		listener, err := listen(e.Server.Addr, options.Environment.Supervised)
		if err != nil {
			return err
		}
		e.Listener = listener
		if err := e.Next(); err != nil {
			listener.Close()
			return err
		}
		options.Listening("http://" + listener.Addr().String())
		return nil
	})
}
