package rules

import "pockethook/internal/store"

// Mappings say which events of a source go to a destination, and as what.
var Mappings = Kind{
	Collection:  "mappings",
	Singular:    "mapping",
	View:        store.Gateway,
	Expressions: []string{"filter", "template"},
	References:  map[string]string{"source": "sources", "destination": "destinations"},
}
