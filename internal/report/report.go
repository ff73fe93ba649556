// Package report is the one list of what Goodturn adds up where people are named, and of who is shown it. It does nothing: it is there to be read, and tests
// hold the program against it.
//
// No page, endpoint, mail or export adds up time or counts by a person for anybody but that person. So whoever wants to add something up puts it here first, with the
// reason: a statement that counts, sums or ranks beside a column that names a person, and a Go map from ids to numbers, is a Sum; what people open, fetch or are mailed
// with figures in it is a Report.
//
//	internal/arch TestNothingIsAddedUpByPersonButWhatIsListed   every statement and every map of the program has its row in Sums, and every row its place
//	internal/app  TestEveryReportIsListed                      every export, every reading call of the API and every kind of letter has its row in Reports
//	internal/app  TestNoPageTellsHowMuchSomebodyDid            what one person did and has is found as a number on no page that a lead can open
package report

// Seen is who is shown what comes of a Sum. That a lead is shown what one colleague did is no value of it.
type Seen string

// Who is shown it.
const (
	Nobody     Seen = "nobody"     // it decides something, or bounds something; no page has it
	Themselves Seen = "themselves" // the person whom it is about, and nobody else
	Plan       Seen = "plan"       // when somebody is there, as the rota and absences say to everybody who may see them; what they do then is not in it
	Desk       Seen = "desk"       // it is of the desk, a team, a thing or a question, or of those who ask: nobody who works here can be read out of it
)

// Sum is a place in the program where something is added up beside a person.
type Sum struct {
	In   string // package and function, "shift.FairOf"; or package and constant
	Adds string // what is added up
	By   string // by what
	Seen Seen
	Why  string // why it may be
}

// Report is what people read that has figures in it.
type Report struct {
	At   []string // routes, calls of the API, kinds of letters ("letter solved")
	Adds string   // what is added up, Nothing for none
	By   string   // by what; never a person other than the reader
	To   string   // who reads it
}

// Nothing is what a Report adds up that only lists things.
const Nothing = "nothing"
