package rules

import "pockethook/internal/store"

// Mappings route events of a source to a destination: which ones, and with which body.
var Mappings = Kind{
	Collection:  "mappings",
	Singular:    "mapping",
	View:        store.Gateway,
	Expressions: []string{"filter", "template"},
	References:  map[string]string{"source": "sources", "destination": "destinations"},
}
