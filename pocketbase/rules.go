package main

import "github.com/pocketbase/pocketbase/core"

// bindRules holds every save of the configuration to what a source, a destination and a mapping may be.
func bindRules(app core.App, vault *secrets, urls urlRules) {
	bindAccounts(app)
	bindCheck(app, "sources", sourceRules{vault}.check)
	bindCheck(app, "destinations", destinationRules{vault, urls}.check)
}
