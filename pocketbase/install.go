package main

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
)

// hooksPool is the number of JS machines for hooks that an operator adds.
const hooksPool = 5

type directories struct{ migrations, hooks string }

type installOptions struct {
	environment environment
	directories directories
	now         func() time.Time
	// listening is told the real address, once requests are answered.
	listening func(url string)
}

// install makes a PocketBase app the store of Pockethook: everything that main adds to the framework.
func install(app core.App, options installOptions) error {
	err := jsvm.Register(app, jsvm.Config{
		MigrationsDir: options.directories.migrations,
		HooksDir:      options.directories.hooks,
		HooksPoolSize: hooksPool,
	})
	if err != nil {
		return err
	}
	keys, err := newKeyring(options.environment.EncryptionKeys)
	if err != nil {
		return err
	}
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if err := preflight(e.App.DataDir(), keys, options.environment.AcceptLostKeys); err != nil {
			return err
		}
		return e.Next()
	})
	// Commands that save no record come without the folder.
	if options.directories.hooks != "" {
		check, err := newExpressionCheck(options.directories.hooks)
		if err != nil {
			return err
		}
		check.bind(app)
	}
	bindConfigVersion(app)
	vault := newVault(keys)
	bindRules(app, vault, urlRules{
		allowHTTP:       options.environment.AllowHTTPDestinations,
		privateNetworks: options.environment.AllowedPrivateNetworks,
		ports:           options.environment.AllowedPorts,
	})
	bindSecrets(app, vault)
	bindDestinationState(app, options.now)
	bindChanges(app, vault, options.now)
	bindServe(app, options, vault)
	return nil
}

func bindServe(app core.App, options installOptions, vault *secrets) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		if err := ensureOperator(e.App, options.environment.AdminEmail, options.environment.AdminPassword); err != nil {
			return err
		}
		if err := bindServiceAccount(e.Router, options.environment.EncryptionKeys); err != nil {
			return err
		}
		if err := healMeta(e.App, options.now()); err != nil {
			return err
		}
		bindReadOnly(e)
		database, err := newStore(e.App, options.now)
		if err != nil {
			return err
		}
		bindRoutes(e.Router, database, vault, options.directories.migrations)

		listener, err := listen(e.Server.Addr, options.environment.Supervised)
		if err != nil {
			return err
		}
		e.Listener = listener
		if err := e.Next(); err != nil {
			listener.Close()
			return err
		}
		options.listening("http://" + listener.Addr().String())
		return nil
	})
}
