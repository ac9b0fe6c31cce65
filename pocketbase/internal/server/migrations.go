package server

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// migrationsAnswer lists files of pb_migrations. Pending ones are applied by the next start.
type migrationsAnswer struct {
	Applied []string `json:"applied"`
	Pending []string `json:"pending"`
}

// migrations compares the applied migrations with the files in the folder now, which may be newer than this process.
func migrations(app core.App, dir string) (migrationsAnswer, error) {
	answer := migrationsAnswer{Applied: []string{}, Pending: []string{}}
	err := app.ConcurrentDB().NewQuery("SELECT file FROM _migrations WHERE file LIKE '%.js' ORDER BY file").Column(&answer.Applied)
	if err != nil {
		return migrationsAnswer{}, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return migrationsAnswer{}, err
	}
	for _, entry := range entries {
		if name := entry.Name(); filepath.Ext(name) == ".js" && !slices.Contains(answer.Applied, name) {
			answer.Pending = append(answer.Pending, name)
		}
	}
	return answer, nil
}
