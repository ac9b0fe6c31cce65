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
)

// From sysexits.h. EX_CONFIG: starting again without a change can't help. EX_TEMPFAIL: it can.
const (
	exitConfig    = 78
	exitTempFault = 75
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase: "+err.Error())
		if errors.As(err, new(refusal)) {
			os.Exit(exitConfig)
		}
		if errors.As(err, new(unavailable)) {
			os.Exit(exitTempFault)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	// Whatever this process makes, database and backups, is for its own user.
	syscall.Umask(0o077)
	app := pocketbase.NewWithConfig(pocketbase.Config{
		HideStartBanner:  true,
		DBConnect:        connect,
		DataMaxOpenConns: dataConnections,
		DataMaxIdleConns: dataConnections,
		AuxMaxOpenConns:  auxConnections,
		AuxMaxIdleConns:  1,
	})

	purpose := purposeOf(args, app.DataDir())
	environment, err := readEnvironment(os.Getenv, os.ReadFile, purpose)
	if err != nil {
		return err
	}

	var dirs directories
	flags := app.RootCmd.PersistentFlags()
	flags.StringVar(&dirs.Migrations, "migrationsDir", "", "the directory with the JS migrations")
	flags.StringVar(&dirs.Hooks, "hooksDir", "", "the directory with the JS hooks")
	if err := app.RootCmd.ParseFlags(args); err != nil {
		return err
	}

	if environment.Supervised {
		stopAtEOF(os.Stdin)
	}
	if purpose != otherCommand {
		lock, err := takeDataDir(app.DataDir(), environment.Supervised)
		if err != nil {
			return err
		}
		defer lock.Close()
	}
	err = install(app, installOptions{
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
	app.RootCmd.AddCommand(revokeTokensCommand(app))
	return app.Start()
}

func purposeOf(args []string, dataDir string) purpose {
	if !slices.Contains(args, "serve") {
		return otherCommand
	}
	if _, err := os.Stat(filepath.Join(dataDir, "data.db")); errors.Is(err, fs.ErrNotExist) {
		return servingFirst
	}
	return serving
}
