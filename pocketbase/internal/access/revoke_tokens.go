package access

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/spf13/cobra"
)

// tokenKeyLength is the length that PocketBase uses for new records.
const tokenKeyLength = 50

// RevokeTokensCommand is meant for after a restore: PocketBase signs tokens with keys stored in the database, so anybody
// with a copy of it can forge tokens of every operator and user.
func RevokeTokensCommand(app core.App) *cobra.Command {
	return &cobra.Command{
		Use:          "revoke-tokens",
		Short:        "Ends every session of operators and users, and makes tokens worthless that a copy of the database could forge",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			count, err := revokeTokens(app)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(command.OutOrStdout(), "The tokens of %d operators and users are worthless; passwords and API keys are as they were.\n", count)
			return err
		},
	}
}

// revokeTokens gives every record that can log in a new key for its tokens, in one transaction.
func revokeTokens(app core.App) (count int, err error) {
	collections, err := app.FindAllCollections(core.CollectionTypeAuth)
	if err != nil {
		return 0, err
	}
	err = app.RunInTransaction(func(tx core.App) error {
		for _, collection := range collections {
			var ids []string
			if err := tx.DB().Select("id").From(collection.Name).Column(&ids); err != nil {
				return err
			}
			for _, id := range ids {
				key := dbx.Params{core.FieldNameTokenKey: security.RandomString(tokenKeyLength)}
				if _, err := tx.DB().Update(collection.Name, key, dbx.HashExp{"id": id}).Execute(); err != nil {
					return err
				}
			}
			count += len(ids)
		}
		return nil
	})
	return count, err
}
