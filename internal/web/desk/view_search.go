package desk

import (
	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// SearchView is what was found for a query.
type SearchView struct {
	Frame Frame
	Query string
	// QueryError says what is wrong with the query, or "".
	QueryError string
	Hits       []SearchHit
	// Newest says that the order ranks only the newest thousand hits, because there were more.
	Newest bool
	Pages  ui.Pages
}

// SearchHit is a ticket that matches.
type SearchHit struct {
	Number  int64
	URL     string
	Subject string
	// Snippet is the place that matches; its marked parts are the words found.
	Snippet   []SnippetPart
	Requester string
	Status    string
	At        clock.Instant
}

// SnippetPart is a piece of a snippet.
type SnippetPart struct {
	Text string
	Hit  bool
}
