// Package rules says what a source, a destination and a mapping may be.
package rules

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
)

// Bind holds every save of the configuration to what a source, a destination and a mapping may be.
func Bind(app core.App, vault *secrets.Vault, urls URLs) {
	bindAccounts(app)
	for _, collection := range ownedCollections {
		bindCheck(app, collection, checkNameIsFree)
	}
	bindCheck(app, "sources", sourceRules{vault}.check)
	bindCheck(app, "destinations", destinationRules{vault, urls}.check)
}
