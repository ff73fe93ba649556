package admin

// SynonymsView is the list of groups of words that mean the same.
type SynonymsView struct {
	Frame
	Desk    []SynonymRow
	English []SynonymRow
	German  []SynonymRow
}

// SynonymRow is a group in the list.
type SynonymRow struct {
	URL, Words   string
	Changed, Off bool
}

// SynonymView is the form of a group.
type SynonymView struct {
	Frame
	Title, URL, Alert string
	Words             Field
	Was               string // how it was when the form was opened
	New               bool
	Wrong             bool
	Shipped           string // as it comes with the program
	Changed           bool   // and is other here
}
