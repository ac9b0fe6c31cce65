package rules

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
)

// BeforeTransaction comes before every other hook, also that which begins the transaction of a save.
const BeforeTransaction = -101

// Bind holds every save of the configuration to what its kind may be.
func Bind(app core.App, vault *secrets.Vault, urls URLs) {
	bindAccounts(app)
	for _, kind := range Kinds {
		bindCheck(app, kind.Collection, kind.checkNameIsFree)
		if kind.Check == nil {
			continue
		}
		bindCheck(app, kind.Collection, func(app core.App, record *core.Record, p problems) error {
			return kind.Check(save{app, record, vault, urls}, p)
		})
	}
}
