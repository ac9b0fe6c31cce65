package secrets

import (
	"slices"
	"strings"
)

// Masked stands for the part of a secret that is not shown.
const Masked = "••••"

// maskedAtLeast is how long a secret must be for its last 4 characters to tell nothing.
const maskedAtLeast = 12

func maskSecret(secret string) string {
	characters := []rune(secret)
	if len(characters) < maskedAtLeast {
		return Masked
	}
	return Masked + string(characters[len(characters)-4:])
}

// maskURL hides where a chat destination's URL carries its token: from the first part of the path that looks like one,
// at the latest from the last part on, with what follows.
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

// looksLikeToken: long and no number (a snowflake is one), or with the colon of a Telegram bot's token.
func looksLikeToken(part string) bool {
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	return len(part) >= 16 && strings.ContainsFunc(part, notDigit) || strings.Contains(part, ":")
}

func isMask(text string) bool { return strings.Contains(text, Masked) }
