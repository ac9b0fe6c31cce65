package secrets

import (
	"slices"
	"strings"
)

// Masked replaces the hidden part of a secret.
const Masked = "••••"

// maskedAtLeast is the shortest length of a secret whose last 4 characters are shown.
const maskedAtLeast = 12

func maskSecret(secret string) string {
	characters := []rune(secret)
	if len(characters) < maskedAtLeast {
		return Masked
	}
	return Masked + string(characters[len(characters)-4:])
}

// maskURL hides the token in a chat destination's URL: everything from the first part of the path that looks like a token,
// or else from the last part.
func maskURL(url string) string {
	path, query, _ := strings.Cut(url, "?")
	scheme := strings.Index(path, "://") + len("://")
	parts := strings.Split(strings.TrimRight(path[scheme:], "/"), "/")
	first := slices.IndexFunc(parts[1:], looksLikeToken) + 1
	if first == 0 {
		first = max(1, len(parts)-1)
	}
	token := strings.Join(parts[first:], "/")
	if query != "" {
		token += "?" + query
	}
	return path[:scheme] + strings.Join(append(parts[:first:first], maskSecret(token)), "/")
}

// looksLikeToken is true for long texts that aren't numbers (Discord ids are), and for those with a Telegram token's colon.
func looksLikeToken(part string) bool {
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	return len(part) >= 16 && strings.ContainsFunc(part, notDigit) || strings.Contains(part, ":")
}

func isMask(text string) bool { return strings.Contains(text, Masked) }
