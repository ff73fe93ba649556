package admin

import "goodturn/internal/clock"

// SigningView is the page of the keys that mails are signed with, and the form of a new one.
type SigningView struct {
	Frame Frame
	Keys  []SigningKey
	// Unsigned are the domains of mailboxes that have no key.
	Unsigned []string
	// Found is what the check of a record said just now, nil for none.
	Found *Finding

	Wrong                            bool
	Domain, Selector, Algorithm, Key Field
	// Paste opens the field for a key of one's own.
	Paste bool
}

// SigningKey is the key of one domain.
type SigningKey struct {
	Domain string
	Active bool
	// RecordName and Record are what is to be published in the DNS.
	RecordName, Record string
	Created            clock.Instant
	URL                string
}
