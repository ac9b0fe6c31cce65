// Package access says who gets in: the API service, operators, and the people whom the API service logs in.
package access

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
)

// The API service proves itself with every request: `Authorization: Pockethook-Service <token>[,<token>]`, a token for
// each key that it has in ENCRYPTION_KEYS. api/src/store/pocketbase/service-credential.ts is the other side.
const (
	// ServiceScheme begins the header Authorization of the API service.
	ServiceScheme    = "Pockethook-Service"
	serviceTokenInfo = "pockethook service token v1"
	// ServiceAccountID is the id of the API service among authenticated records. It has no record in the database, so
	// there is nothing to list, edit, delete, impersonate or count as the last superuser.
	ServiceAccountID = "pockethookapi00"
)

// ServiceToken proves that somebody has a key, without showing it.
func ServiceToken(key []byte) (string, error) {
	token, err := hkdf.Key(sha256.New, key, nil, serviceTokenInfo, 32)
	return hex.EncodeToString(token), err
}

// IsServiceAccount tells the API service from people. A record of the database is never new, whatever its id.
func IsServiceAccount(auth *core.Record) bool {
	return auth != nil && auth.IsSuperuser() && auth.IsNew() && auth.Id == ServiceAccountID
}

// BindServiceAccount lets the API service in with a superuser's power. It comes after the list of addresses that the
// dashboard allows for superusers, which is for people, and before the limits of requests.
func BindServiceAccount(r *router.Router[*core.RequestEvent], keys [][]byte) error {
	tokens := make([]string, len(keys))
	for i, key := range keys {
		var err error
		if tokens[i], err = ServiceToken(key); err != nil {
			return err
		}
	}
	r.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "pockethookServiceAccount",
		Priority: apis.DefaultSuperuserIPsWhitelistMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			scheme, given, _ := strings.Cut(e.Request.Header.Get("Authorization"), " ")
			if !strings.EqualFold(scheme, ServiceScheme) {
				return e.Next()
			}
			if !anyTokenMatches(tokens, strings.Split(given, ",")) {
				// As a guest it would be shown empty lists.
				return errServiceNotAccepted
			}
			collection, err := e.App.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
			if err != nil {
				return err
			}
			e.Auth = core.NewRecord(collection)
			e.Auth.Id = ServiceAccountID
			e.Request.Header.Del("Authorization")
			return e.Next()
		},
	})
	return nil
}

var errServiceNotAccepted = router.NewApiError(http.StatusUnauthorized, "The API service is not accepted.", validation.Errors{
	"authorization": validation.NewError("service_not_accepted", "None of the caller's keys is in ENCRYPTION_KEYS of this service."),
})

func anyTokenMatches(known, given []string) bool {
	for _, ours := range known {
		for _, theirs := range given {
			if subtle.ConstantTimeCompare([]byte(ours), []byte(strings.TrimSpace(theirs))) == 1 {
				return true
			}
		}
	}
	return false
}
