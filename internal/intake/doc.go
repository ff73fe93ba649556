// Package intake meets requests on which nobody could start work yet ("it no workie"): it notices them by readable rules, and asks the two
// or three questions that matter, one at a time, in kind words.
//
// Judge (judge.go) is a pure function over text; word/*.txt hold its words, a language a file. Asker reacts to tickets: a vague request that
// came by mail or by the form is asked about on its page and in the mail that confirms it. question/*.txt hold what is asked; a desk
// changes it (question.go). What is answered becomes a fact of the ticket (ticket.SetFact), not a message.
//
//	v := intake.Judge("Outlook issue", "", "")   // v.Vague, v.Why = [short no_symptom], v.Topic = "mail"
//	desk.Later = append(desk.Later, asker.Hook())
//
// Invariants: nothing is refused, delayed or put on hold because it is vague; never more than three questions, never two at a time, none
// after somebody of the desk has answered, none to programs, none about what is suspect; what a desk's private teams work on, and what
// happens outside of a person's circle, is told to nobody.
package intake
