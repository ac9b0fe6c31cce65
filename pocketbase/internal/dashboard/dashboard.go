// Package dashboard adds Pockethook's extension to PocketBase's dashboard: presets of new records, names where history holds
// ids, an order of collections and columns. What a record may be is decided in package rules, whoever sends it.
package dashboard

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// Bind adds what the build of api/dashboard has put into the folder of the hooks.
func Bind(e *core.ServeEvent, hooksDir string) {
	files := os.DirFS(filepath.Join(hooksDir, "generated", "dashboard"))
	e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: "pockethook", FS: files})
	e.Router.BindFunc(revalidate)
}

// revalidate: browsers may keep what lies under /_/ for two weeks, and would work with the extension of before an upgrade.
func revalidate(e *core.RequestEvent) error {
	if strings.HasPrefix(e.Request.URL.Path, "/_/extensions") {
		e.Response.Header().Set("Cache-Control", "no-cache")
	}
	return e.Next()
}
