// Package access authenticates the API service, operators, and the people whom the API service logs in.
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

// The API service authenticates each request with `Authorization: Pockethook-Service <token>[,<token>]`, one token for
// each of its ENCRYPTION_KEYS. api/src/store/pocketbase/service-credential.ts computes the same tokens.
const (
	// ServiceScheme begins the header Authorization of the API service.
	ServiceScheme    = "Pockethook-Service"
	serviceTokenInfo = "pockethook service token v1"
	// ServiceAccountID is the id of the API service as an authenticated record. No record is stored for it, so it can't be
	// listed, edited, deleted, impersonated or counted as the last superuser.
	ServiceAccountID = "pockethookapi00"
)

// ServiceToken derives a token from a key: it proves possession of the key without revealing it.
func ServiceToken(key []byte) (string, error) {
	token, err := hkdf.Key(sha256.New, key, nil, serviceTokenInfo, 32)
	return hex.EncodeToString(token), err
}

// IsServiceAccount tells the API service from people. It checks IsNew too, because a stored record could have the same id.
func IsServiceAccount(auth *core.Record) bool {
	return auth != nil && auth.IsSuperuser() && auth.IsNew() && auth.Id == ServiceAccountID
}

// ServiceAccount recognises the API service.
type ServiceAccount struct{ tokens []string }

// NewServiceAccount is for the service that has one of these keys.
func NewServiceAccount(keys [][]byte) (s ServiceAccount, err error) {
	s.tokens = make([]string, len(keys))
	for i, key := range keys {
		if s.tokens[i], err = ServiceToken(key); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Sent tells whether the API service sent a request; claimed: somebody says that it did.
func (s ServiceAccount) Sent(r *http.Request) (sent, claimed bool) {
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, ServiceScheme) {
		return false, false
	}
	return anyTokenMatches(s.tokens, strings.Split(given, ",")), true
}

// Bind authenticates the API service as a superuser. It runs after PocketBase's allow-list of superuser IP
// addresses, which is meant for people, and before its rate limits.
func (s ServiceAccount) Bind(r *router.Router[*core.RequestEvent]) {
	r.Bind(&hook.Handler[*core.RequestEvent]{
		Id:       "pockethookServiceAccount",
		Priority: apis.DefaultSuperuserIPsWhitelistMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			sent, claimed := s.Sent(e.Request)
			if !claimed {
				return e.Next()
			}
			if !sent {
				// Refuse instead of going on as a guest, who would get empty lists.
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
