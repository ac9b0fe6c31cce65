// Package dashboard adds Pockethook's extension to PocketBase's dashboard: defaults for new records, names in place of ids
// in history, the order of collections and columns. Validation is done by package rules for every client.
package dashboard

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// Bind adds the extension that the build of api/dashboard wrote into the hooks folder.
func Bind(e *core.ServeEvent, hooksDir string) {
	files := os.DirFS(filepath.Join(hooksDir, "generated", "dashboard"))
	e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "pockethook", FS: files})
	e.Router.BindFunc(revalidate)
}

// revalidate makes browsers check for a new extension: they may cache files under /_/ for two weeks, past an upgrade.
func revalidate(e *core.RequestEvent) error {
	if strings.HasPrefix(e.Request.URL.Path, "/_/extensions") {
		e.Response.Header().Set("Cache-Control", "no-cache")
	}
	return e.Next()
}
