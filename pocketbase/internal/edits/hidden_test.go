package edits_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	. "pockethook/internal/testkit"
)

// hiddenFields are all fields that hold secrets or signatures, or ciphertext of them, by collection. Nobody but superusers may
// see them, or ask for them piece by piece: by a filter, a sort, an expansion, a relation or a subscription.
var hiddenFields = map[string][]string{
	"sources":      {"secrets"},
	"destinations": {"headers", "secrets", "url"},
	"sites":        {"statistics_key"},
	"events":       {"signature_headers"},
	"deliveries":   {"request_values"},
	"api_keys":     {"hash"},
	"users":        {"link_hash", "password", "tokenKey"},
}

// openFields are called like secrets and are none.
var openFields = []string{
	"attempts.lease_token", "deliveries.lease_token", "replays.lease_token", "destinations.secrets_overlap_until",
	"events.dedupe_key", "meta.key", "sources.dedupe_key", "sources.secret_unshown",
}

var secretName = regexp.MustCompile(`(?i)secret|token|hash|salt|signature|password|credential|key$`)

func TestFieldsThatHoldSecretsAreHidden(t *testing.T) {
	b := NewBench(t)
	hidden, named := map[string][]string{}, []string{}
	for _, collection := range ownCollections(b) {
		for _, field := range collection.Fields {
			if field.GetHidden() {
				hidden[collection.Name] = append(hidden[collection.Name], field.GetName())
			} else if secretName.MatchString(field.GetName()) {
				named = append(named, collection.Name+"."+field.GetName())
			}
		}
		slices.Sort(hidden[collection.Name])
	}
	b.Equal(hidden, hiddenFields)
	slices.Sort(named)
	b.Equal(named, slices.Sorted(slices.Values(openFields)))
}

const canary = "c4n4ry"

func TestUsersCantAskForHiddenFields(t *testing.T) {
	s := Serve(t)
	everyHiddenFieldHasAValue(s)
	collections := ownCollections(s.Bench)
	for _, role := range []string{"viewer", "admin"} {
		token := userOf(s, role)
		for _, collection := range collections {
			path := "/api/collections/" + collection.Name + "/records"
			if status, answer := s.Call(token, "GET", path+"?fields=*,"+strings.Join(hiddenFields[collection.Name], ",")+"&expand="+expansions(collections, collection), nil); status == 200 {
				refuseSecrets(t, role+" lists "+collection.Name, answer)
			}
			// What the queries below are refused for is the field.
			if status, answer := s.Call(token, "GET", path+"?filter=id%3F~'a'&sort=-id", nil); status != 200 && collection.ListRule != nil {
				t.Errorf("%s can't list %s: %d %s", role, collection.Name, status, answer)
			}
			for _, field := range waysTo(collections, collection) {
				for _, query := range []string{
					"filter=" + field + "~'" + canary + "'", "filter=" + field + "?!=''", "filter='a'<" + field, "filter=" + field + ":length>0",
					"filter=" + field + ":lower~'c'", "filter=strftime('%s'," + field + ")!=''", "sort=" + field, "sort=-" + field,
				} {
					name, value, _ := strings.Cut(query, "=")
					if status, answer := s.Call(token, "GET", path+"?"+name+"="+url.QueryEscape(value), nil); status == 200 {
						t.Errorf("%s may ask %s for %s: %s", role, collection.Name, query, answer)
					}
				}
			}
		}
	}
	// Superusers may: so the values are there, and the queries are right.
	for collection, fields := range hiddenFields {
		for _, field := range fields {
			if field == "password" {
				continue // nobody may
			}
			path := "/api/collections/" + collection + "/records?sort=" + field + "&filter=" + url.QueryEscape(field+"!='' && "+field+"!=null")
			if status, answer := s.Call(s.Operator, "GET", path, nil); status != 200 || strings.Contains(answer, `"totalItems":0`) {
				t.Errorf("%s.%s: %d %s", collection, field, status, answer)
			}
		}
	}
}

func everyHiddenFieldHasAValue(s *Service) {
	s.Helper()
	d := s.Destination(Object{"secrets": []string{SecretOne}, "headers": Object{"authorization": "Bearer " + canary}})
	s.Save("mappings", Object{"name": "m", "source": s.Source, "destination": d})
	s.Save("sites", Object{"name": "s", "domain": "example.com", "timezone": "UTC", "enabled": true})
	planned := s.Planned(d, Object{"lease": true})
	items := Object{"owner": "a", "lease_ms": LeaseMs, "items": []Object{Item(s.Event(nil), planned)}}
	if status, answer := s.Call(s.Operator, "POST", "/api/pockethook/accept", items); status != 200 {
		s.Fatal(answer)
	}
	s.Execute("INSERT INTO api_keys (id, account, name, prefix, hash, role) VALUES ('key000000000001', {:a}, 'k', 'p', {:c}, 'admin')", Object{"a": s.Account, "c": canary})
	userOf(s, "admin")
	for collection, fields := range hiddenFields {
		for _, field := range fields {
			if field != "password" && field != "tokenKey" && collection != "sources" && collection != "destinations" {
				s.Execute("UPDATE "+collection+" SET "+field+" = {:c}", Object{"c": canary})
			}
		}
	}
}

func refuseSecrets(t *testing.T, what, answer string) {
	t.Helper()
	for _, secret := range []string{canary, "enc:v1:", "whsec_", "source-secret", "••••"} {
		if strings.Contains(answer, secret) {
			t.Errorf("%s: %s", what, answer)
		}
	}
}

// userOf logs in a new user of the bench's account.
func userOf(s *Service, role string) string {
	s.Helper()
	email := role + core.GenerateDefaultRandomId() + "@example.com"
	s.Save("users", Object{"email": email, "password": "correct horse", "account": s.Account, "role": role})
	return s.Login("users", email, "correct horse")
}

// ownCollections are those of Pockethook, views among them.
func ownCollections(b *Bench) []*core.Collection {
	b.Helper()
	all, err := b.App.FindAllCollections()
	b.Must(err)
	return slices.DeleteFunc(all, func(c *core.Collection) bool { return strings.HasPrefix(c.Name, "_") })
}

// waysTo are the ways by which a query of a collection could reach each hidden field: its own, those of what it refers to and
// of what refers to it, one and two steps away, and those of any collection.
func waysTo(all []*core.Collection, from *core.Collection) (ways []string) {
	fieldsAt := func(way string, to string) {
		for _, field := range hiddenFields[to] {
			ways = append(ways, way+field)
		}
	}
	fieldsAt("", from.Name)
	for name := range maps.Keys(hiddenFields) {
		fieldsAt("@collection."+name+".", name)
	}
	for way, to := range stepsFrom(all, from) {
		fieldsAt(way+".", to.Name)
		for next, end := range stepsFrom(all, to) {
			fieldsAt(way+"."+next+".", end.Name)
		}
	}
	for _, account := range all {
		if account.Name == "accounts" {
			for way, to := range stepsFrom(all, account) {
				fieldsAt("@request.auth.account."+way+".", to.Name)
			}
		}
	}
	fieldsAt("@request.auth.", "users")
	slices.Sort(ways)
	return slices.Compact(ways)
}

// stepsFrom are the relations of a collection, and those to it, with where they lead.
func stepsFrom(all []*core.Collection, from *core.Collection) map[string]*core.Collection {
	steps := map[string]*core.Collection{}
	for _, other := range all {
		for _, field := range other.Fields {
			relation, ok := field.(*core.RelationField)
			if !ok {
				continue
			}
			if relation.CollectionId == from.Id {
				steps[other.Name+"_via_"+relation.Name] = other
			}
			if other.Id != from.Id {
				continue
			}
			for _, to := range all {
				if to.Id == relation.CollectionId {
					steps[relation.Name] = to
				}
			}
		}
	}
	return steps
}

func expansions(all []*core.Collection, from *core.Collection) string {
	var ways []string
	for way, to := range stepsFrom(all, from) {
		ways = append(ways, way)
		for next := range stepsFrom(all, to) {
			ways = append(ways, way+"."+next)
		}
	}
	return strings.Join(ways, ",")
}
