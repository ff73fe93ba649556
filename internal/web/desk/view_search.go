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
	// Help says where it is wrong, or what it means; nil for nothing to say.
	Help *FilterHelp
	// People are those whose name or address has the words.
	People []FoundPerson
	Hits   []SearchHit
	// Notes are fix notes with the words.
	Notes []SearchNote
	// Articles are those with the words.
	Articles []SearchArticle
	// Near says that nothing has the words, and the hits have words that are spelled nearly so.
	Near bool
	// Newest says that the order ranks only the newest thousand hits, because there were more.
	Newest bool
	Pages  ui.Pages
}

// SearchHit is a ticket that matches.
type SearchHit struct {
	Number int64
	URL    string
	// Subject and Snippet, the place that matches, have the words found marked.
	Subject   []SnippetPart
	Snippet   []SnippetPart
	Requester string
	Status    string
	At        clock.Instant
}

// SearchNote is a fix note that matches.
type SearchNote struct {
	Number        int64
	URL           string
	Subject, Gist []SnippetPart
	At            clock.Instant
}

// SearchArticle is an article that matches.
type SearchArticle struct {
	ID          int64
	URL         string
	Title, Gist []SnippetPart
}

// FoundPerson is somebody who may have been meant.
type FoundPerson struct{ Name, URL, Address string }

// SnippetPart is a piece of a snippet.
type SnippetPart struct {
	Text string
	Hit  bool
}
