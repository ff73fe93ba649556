package admin

import (
	"goodturn/internal/service"
	"goodturn/internal/web/ask"
	"goodturn/internal/web/ui"
)

// ServicesView is the list of what the desk offers.
type ServicesView struct {
	Frame    Frame
	Services []ServiceRow
}

// ServiceRow is a service in the list.
type ServiceRow struct {
	Name, URL, Sentence string
	Questions           int
	Hidden, First, Last bool
}

// ServiceView is the form of a service.
type ServiceView struct {
	Frame                               Frame
	ID                                  int64
	URL, Title                          string
	Address                             string // where the first page asks for it; "" for not yet
	Wrong                               bool
	VersionError, QuestionsError        string
	Seen                                int64
	Name, Slug, Words, Tags             Field
	Sentence                            string
	Teams, Kinds, Priorities            []ui.Choice
	TeamError, KindError, PriorityError string
	Shown                               bool
	Questions                           []QuestionView
}

// QuestionView is a question in the form of a service.
type QuestionView struct {
	At                 int // counted from 0
	Key                string
	First, Last        bool
	Label, Choices     Field
	Help               string
	Kinds, Ifs         []ui.Choice
	KindError, IfError string
	Required           bool
}

// field is the name of a part of the question in the form.
func (q QuestionView) field(part string) string { return service.Field(q.At, part) }

// wrong says that something about it must be changed.
func (q QuestionView) wrong() bool {
	return q.Label.Error+q.Choices.Error+q.KindError+q.IfError != ""
}

// TrialView is a service as a requester sees it, to be tried out.
type TrialView struct {
	Site, Name, Sentence, URL string
	Wrong, Sent               bool
	Questions                 []ask.Question
	Facts                     []ask.Fact
}
