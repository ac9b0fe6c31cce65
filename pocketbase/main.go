// Command pocketbase is Pockethook's backing store: PocketBase with the queue as Go routes, its checks as hooks,
// and durable commits. See README.md.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"

	"pockethook/internal/access"
	"pockethook/internal/fault"
	"pockethook/internal/server"
	"pockethook/internal/store"
)

// From sysexits.h. EX_CONFIG: starting again without a change can't help. EX_TEMPFAIL: it can.
const (
	exitConfig    = 78
	exitTempFault = 75
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase: "+err.Error())
		if errors.As(err, new(fault.Refusal)) {
			os.Exit(exitConfig)
		}
		if errors.As(err, new(fault.Unavailable)) {
			os.Exit(exitTempFault)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	// Files that this process creates, such as database and backups, are readable by its own user only.
	syscall.Umask(0o077)
	app := pocketbase.NewWithConfig(pocketbase.Config{
		HideStartBanner:  true,
		DBConnect:        store.Connect,
		DataMaxOpenConns: store.DataConnections,
		DataMaxIdleConns: store.DataConnections,
		AuxMaxOpenConns:  store.AuxConnections,
		AuxMaxIdleConns:  1,
	})

	purpose := purposeOf(args, app.DataDir())
	environment, err := server.ReadEnvironment(os.Getenv, os.ReadFile, purpose)
	if err != nil {
		return err
	}

	var dirs server.Directories
	flags := app.RootCmd.PersistentFlags()
	flags.StringVar(&dirs.Migrations, "migrationsDir", "", "the directory with the JS migrations")
	flags.StringVar(&dirs.Hooks, "hooksDir", "", "the directory with the JS hooks")
	if err := app.RootCmd.ParseFlags(args); err != nil {
		return err
	}

	if environment.Supervised {
		server.StopAtEOF(os.Stdin)
	}
	if purpose != server.OtherCommand {
		lock, err := server.TakeDataDir(app.DataDir(), environment.Supervised)
		if err != nil {
			return err
		}
		defer lock.Close()
	}
	err = server.Install(app, server.Options{
		Environment: environment,
		Directories: dirs,
		Now:         time.Now,
		Listening:   func(url string) { fmt.Println("pocketbase listening on " + url) },
	})
	if err != nil {
		return err
	}
	err = migratecmd.Register(app, app.RootCmd, migratecmd.Config{
		TemplateLang: migratecmd.TemplateLangJS,
		Dir:          dirs.Migrations,
	})
	if err != nil {
		return err
	}
	app.RootCmd.AddCommand(access.RevokeTokensCommand(app))
	return app.Start()
}

func purposeOf(args []string, dataDir string) server.Purpose {
	if !slices.Contains(args, "serve") {
		return server.OtherCommand
	}
	if _, err := os.Stat(filepath.Join(dataDir, "data.db")); errors.Is(err, fs.ErrNotExist) {
		return server.ServingFirst
	}
	return server.Serving
}
