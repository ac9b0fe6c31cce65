// Package search finds events by words, and records by names and ids.
package search

import (
	"strings"
	"unicode"

	"encoding/json/jsontext"
)

const (
	// wordsAtMost is how many bytes of an event's words are indexed.
	wordsAtMost = 4000
	// prefixAtLeast is how long the beginning of a word is: shorter ones would be that of half the index.
	prefixAtLeast = 3
	termsAtMost   = 10
)

// wordsOf are the texts and numbers in a JSON value, in order; names of fields are not among them.
func wordsOf(value string) string {
	var words strings.Builder
	decoder := jsontext.NewDecoder(strings.NewReader(value), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	for words.Len() < wordsAtMost {
		token, err := decoder.ReadToken()
		if err != nil {
			break // its end
		}
		// In an object every other token is a name.
		if kind, length := decoder.StackIndex(decoder.StackDepth()); kind == '{' && length%2 == 1 {
			continue
		}
		if kind := token.Kind(); kind == '"' || kind == '0' {
			words.WriteString(token.String())
			words.WriteByte(' ')
		}
	}
	return words.String()
}

// termsOf are the words of a query, as the index cuts them.
func termsOf(query string) []string {
	terms := strings.FieldsFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	return terms[:min(len(terms), termsAtMost)]
}

// beginsOnly: the last word of the query stands for all that begin with it.
func beginsOnly(query string) bool { return strings.HasSuffix(strings.TrimSpace(query), "*") }

// matchOf is the FTS5 expression for events with all words of a query, in this account (empty: any). Empty: no words.
func matchOf(account, query string) string {
	terms := termsOf(query)
	if len(terms) == 0 {
		return ""
	}
	// Only where it is asked for: a single word is read from its newest event back, all that begin with something are put together first.
	begins := beginsOnly(query)
	match := `words : (`
	for i, term := range terms {
		if i > 0 {
			match += ` AND `
		}
		match += `"` + term + `"`
		if begins && i == len(terms)-1 && len([]rune(term)) >= prefixAtLeast {
			match += ` *`
		}
	}
	match += `)`
	if account != "" {
		match = `account : "` + strings.Join(termsOf(account), "") + `" AND ` + match
	}
	return match
}
