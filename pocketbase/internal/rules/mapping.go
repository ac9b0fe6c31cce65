package rules

// Mappings say which events of a source go to a destination, and as what.
var Mappings = Kind{
	Collection:  "mappings",
	Singular:    "mapping",
	Expressions: []string{"filter", "template"},
	References:  map[string]string{"source": "sources", "destination": "destinations"},
}
