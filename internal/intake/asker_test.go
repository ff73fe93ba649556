package intake_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/intake"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

var start = clock.From(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))

// fixture is a desk that asks, with a clock that the test sets and mails that are noted.
type fixture struct {
	testing.TB
	db         *db.DB
	desk       *ticket.Desk
	asker      *intake.Asker
	amara      person.Actor
	hana, bela person.Actor
	team       int64
	at         clock.Instant
	mailed     []int64 // the questions that are mailed, the first of a request negative
	broken     []intake.Broken
	meToo      []int64
}

func each(t *testing.T, test func(f *fixture)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(setUp(t, d)) })
}

func setUp(t testing.TB, d *db.DB) *fixture {
	t.Helper()
	f := &fixture{TB: t, db: d, at: start, desk: &ticket.Desk{}}
	d.SetClock(func() clock.Instant { return f.at })
	f.asker = &intake.Asker{
		Desk: f.desk,
		Mail: func(_ context.Context, _ *db.Tx, _, ask int64, first bool) error {
			if first {
				ask = -ask
			}
			f.mailed = append(f.mailed, ask)
			return nil
		},
		Broken: func(_ context.Context, _ *db.Tx, reader int64, _ string, any bool) ([]intake.Broken, error) {
			if reader == 0 || !any {
				return nil, nil
			}
			return f.broken, nil
		},
		MeToo: func(_ context.Context, _ *db.Tx, _ ticket.By, _, outage int64) error {
			f.meToo = append(f.meToo, outage)
			return nil
		},
	}
	f.desk.Later = []ticket.Hook{f.asker.Hook()}
	f.write(func(tx *db.Tx) {
		f.team = must(person.SaveTeam(t.Context(), tx, person.Team{Slug: "first-line", Name: "First line"}))
		for address, to := range map[string]*person.Actor{"amara@desk.example": &f.amara, "hana@example.com": &f.hana, "bela@example.com": &f.bela} {
			role := person.Requester
			if to == &f.amara {
				role = person.Agent
			}
			to.ID = must(person.Create(t.Context(), tx, person.New{Name: strings.ToTitle(address[:1]) + address[1:4], Addresses: []string{address}, Role: role})).ID
		}
	})
	f.write(func(tx *db.Tx) {
		for _, a := range []*person.Actor{&f.amara, &f.hana, &f.bela} {
			*a = must(person.ActorOf(t.Context(), tx, a.ID))
		}
	})
	return f
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (f *fixture) write(fn func(tx *db.Tx)) {
	f.Helper()
	if err := f.db.Write(f.Context(), func(tx *db.Tx) error { fn(tx); return nil }); err != nil {
		f.Fatal(err)
	}
}

// comes makes a ticket of a text that hana wrote.
func (f *fixture) comes(text string, how ...func(*ticket.New)) ticket.Ticket {
	f.Helper()
	return f.comesOf(f.hana, text, how...)
}

func (f *fixture) comesOf(who person.Actor, text string, how ...func(*ticket.New)) (t ticket.Ticket) {
	f.Helper()
	n := ticket.New{Requester: who.ID, Channel: ticket.ByMail, Message: ticket.Draft{Text: text, Channel: ticket.ByMail}}
	for _, h := range how {
		h(&n)
	}
	f.write(func(tx *db.Tx) { t = must(f.desk.Create(f.Context(), tx, ticket.By{Actor: who, Cause: "mail"}, n)) })
	return t
}

// asked gives the question that waits; its Text is "" for none.
func (f *fixture) asked(t ticket.Ticket) (q intake.Ask) {
	f.Helper()
	f.write(func(tx *db.Tx) {
		var err error
		if q, _, err = intake.Current(f.Context(), tx, t.ID); err != nil {
			panic(err)
		}
	})
	return q
}

// answers on the page.
func (f *fixture) answers(t ticket.Ticket, ask int64, text string) {
	f.Helper()
	f.write(func(tx *db.Tx) {
		if err := f.asker.Answer(f.Context(), tx, ticket.By{Actor: f.hana, Cause: "form"}, t, ask, text); err != nil {
			panic(err)
		}
	})
}

// mails answers by mail.
func (f *fixture) mails(t ticket.Ticket, m ticket.Draft) {
	f.Helper()
	m.Channel = ticket.ByMail
	f.write(func(tx *db.Tx) {
		must(f.desk.Answer(f.Context(), tx, ticket.By{Actor: f.hana, Cause: "mail"}, t.ID, m))
	})
}

// facts are label and value of what is known of a ticket.
func (f *fixture) facts(t ticket.Ticket) (out []string) {
	f.Helper()
	f.write(func(tx *db.Tx) {
		out = nil
		for _, x := range must(ticket.KnownFacts(f.Context(), tx, t.ID)) {
			out = append(out, x.Label+" "+x.Value)
		}
	})
	return out
}

func (f *fixture) wantFacts(t ticket.Ticket, want ...string) {
	f.Helper()
	if got := f.facts(t); strings.Join(got, "\n") != strings.Join(want, "\n") {
		f.Errorf("the facts are %q, want %q", got, want)
	}
}

func (f *fixture) wantAsked(t ticket.Ticket, text string) intake.Ask {
	f.Helper()
	q := f.asked(t)
	if q.Text != text {
		f.Errorf("asked is %q, want %q", q.Text, text)
	}
	return q
}

func TestAVagueRequestIsAskedOneQuestionAfterTheOther(t *testing.T) {
	each(t, func(f *fixture) {
		tk := f.comes("it no workie")
		q := f.wantAsked(tk, "What is it about?")
		f.answers(tk, q.ID, "A printer")
		q = f.wantAsked(tk, "What does the printer do?")
		f.answers(tk, q.ID, "The paper is stuck")
		q = f.wantAsked(tk, "Which printer is it? Its name often stands on a label.")
		if q.Place != 3 {
			f.Errorf("this is question %d", q.Place)
		}
		f.answers(tk, q.ID, "EM93")
		f.wantAsked(tk, "")
		f.wantFacts(tk, "What is it about? A printer", "What does the printer do? The paper is stuck", "Which printer is it? Its name often stands on a label. EM93")
		if len(f.mailed) != 1 || f.mailed[0] >= 0 {
			f.Errorf("mailed were %v: only the first goes with the mail that confirms", f.mailed)
		}
	})
}

func TestAMailIsTheAnswerAndTheNextQuestionIsMailed(t *testing.T) {
	each(t, func(f *fixture) {
		tk := f.comes("Probleme mit Outlook")
		q := f.wantAsked(tk, "Was geht bei E-Mail nicht?")
		f.mails(tk, ticket.Draft{Text: "Ich kann nichts senden", Automatic: true})
		f.wantAsked(tk, q.Text)
		f.mails(tk, ticket.Draft{Text: "Ich kann nichts senden", Quoted: "> Was geht nicht?"})
		next := f.wantAsked(tk, "Kommt eine Meldung? Bitte schreiben Sie die Worte ab.")
		if len(f.mailed) != 2 || f.mailed[1] != next.ID {
			f.Errorf("mailed were %v, want the question %d last", f.mailed, next.ID)
		}
		f.wantFacts(tk, "Was geht bei E-Mail nicht? Ich kann nichts senden")
	})
}

func TestAFullDescriptionAnswersAllThatItAnswers(t *testing.T) {
	each(t, func(f *fixture) {
		tk := f.comes("help")
		f.wantAsked(tk, "What is it about?")
		f.mails(tk, ticket.Draft{Text: "Sorry, I was in a hurry. Since this morning Outlook does not open on my laptop. It shows the logo for a second and then closes again, also after a restart."})
		f.wantAsked(tk, "")
	})
}

func TestAnAnswerInOwnWordsCountsUnlessItSaysNothing(t *testing.T) {
	each(t, func(f *fixture) {
		for text, next := range map[string]string{"It eats the paper": "Which printer is it? Its name often stands on a label.", "I don't know": ""} {
			tk := f.comes("printer problem")
			f.answers(tk, f.wantAsked(tk, "What does the printer do?").ID, text)
			f.wantAsked(tk, next)
		}
	})
}

func TestWhoIsNotAsked(t *testing.T) {
	each(t, func(f *fixture) {
		for name, how := range map[string]func(*ticket.New){
			"clear":     func(n *ticket.New) { n.Message.Text = "Outlook does not open since this morning" },
			"by phone":  func(n *ticket.New) { n.Channel = ticket.ByPhone },
			"by staff":  func(n *ticket.New) { n.Channel = ticket.ByDesk },
			"by API":    func(n *ticket.New) { n.Channel = ticket.ByAPI },
			"automatic": func(n *ticket.New) { n.Message.Automatic = true },
			"suspect":   func(n *ticket.New) { n.Suspect = true },
			"imported":  func(n *ticket.New) { n.At, n.Message.At = start.Add(-time.Hour), start.Add(-time.Hour) },
			"done":      func(n *ticket.New) { n.Status = ticket.Solved },
			"a form was filled in": func(n *ticket.New) {
				n.Facts = []ticket.Fact{{Source: "service", Key: "device", Label: "Which device?", Value: "Laptop"}}
			},
			"the mail that was passed on says it": func(n *ticket.New) {
				n.Message.Text, n.Message.Quoted = "see below", "> The printer EM93 on the second floor prints nothing since Monday"
			},
		} {
			if q := f.asked(f.comes("it does not work", how)); q.Text != "" {
				f.Errorf("%s: asked is %q", name, q.Text)
			}
		}
	})
}

func TestWhatEndsTheQuestions(t *testing.T) {
	each(t, func(f *fixture) {
		by := ticket.By{Actor: f.amara}
		for name, end := range map[string]func(tx *db.Tx, id int64) error{
			"an answer": func(tx *db.Tx, id int64) error {
				_, err := f.desk.Reply(f.Context(), tx, by, id, ticket.Draft{Text: "Hello Hana, I call you."}, "")
				return err
			},
			"an agent":  func(tx *db.Tx, id int64) error { return f.asker.Stop(f.Context(), tx, by, id) },
			"closing":   func(tx *db.Tx, id int64) error { return f.desk.SetStatus(f.Context(), tx, by, id, ticket.Closed) },
			"the trash": func(tx *db.Tx, id int64) error { return f.desk.Trash(f.Context(), tx, by, id) },
		} {
			tk := f.comes("it does not work")
			f.wantAsked(tk, "What is it about?")
			f.write(func(tx *db.Tx) {
				if err := end(tx, tk.ID); err != nil {
					panic(err)
				}
			})
			if q := f.asked(tk); q.Text != "" {
				f.Errorf("%s: still asked is %q", name, q.Text)
			}
		}
		tk := f.comes("it does not work")
		f.write(func(tx *db.Tx) {
			err := f.asker.Stop(f.Context(), tx, ticket.By{Actor: f.hana}, tk.ID)
			if !fault.Is(err, fault.KindDenied) {
				f.Errorf("a requester stops the questions like an agent: %v", err)
			}
		})
	})
}

func TestAnAnswerSentTwiceLateOrAnewLosesNothing(t *testing.T) {
	each(t, func(f *fixture) {
		tk := f.comes("it does not work")
		first := f.asked(tk)
		f.answers(tk, first.ID, "A printer")
		f.answers(tk, first.ID, "A printer")
		second := f.wantAsked(tk, "What does the printer do?")
		f.answers(tk, first.ID, "Mail or calendar") // in another window, which still showed the first question
		f.wantFacts(tk, "What is it about? Mail or calendar")
		if q := f.asked(tk); q.ID != second.ID {
			f.Errorf("asked is %q", q.Text)
		}
		f.answers(tk, second.ID, "") // skipped
		f.wantAsked(tk, "")
		f.write(func(tx *db.Tx) {
			must(f.desk.Reply(f.Context(), tx, ticket.By{Actor: f.amara}, tk.ID, ticket.Draft{Text: "I am on my way."}, ""))
		})
		f.answers(tk, second.ID, "Nothing comes out") // the page was open meanwhile
		f.wantFacts(tk, "What is it about? Mail or calendar", "What does the printer do? Nothing comes out")
		f.wantAsked(tk, "")
		other := f.comes("help")
		f.write(func(tx *db.Tx) {
			if err := f.asker.Answer(f.Context(), tx, ticket.By{Actor: f.hana}, other, first.ID, "x"); !fault.Is(err, fault.KindNotFound) {
				f.Errorf("a question of another request was answered: %v", err)
			}
		})
	})
}

func TestWhatIsBrokenRightNowIsGuessedFirst(t *testing.T) {
	each(t, func(f *fixture) {
		f.broken = []intake.Broken{{Outage: 7, Name: "VPN", People: 9}}
		tk := f.comes("cannot log in")
		q := f.wantAsked(tk, "Is it this: VPN? 9 people report it right now.")
		f.mails(tk, ticket.Draft{Text: "Yes!"})
		if len(f.meToo) != 1 || f.meToo[0] != 7 {
			f.Errorf("linked were %v", f.meToo)
		}
		f.wantAsked(tk, "")
		f.wantFacts(tk, q.Text+" Yes!")

		no := f.comes("cannot log in")
		f.answers(no, f.asked(no).ID, "No, something else")
		f.wantAsked(no, "What is it about?")
		if len(f.meToo) != 1 {
			f.Errorf("no was taken for yes")
		}
		f.write(func(tx *db.Tx) { // somebody who only typed hana's address learns nothing of others
			t := must(f.desk.Create(f.Context(), tx, ticket.By{Actor: f.hana, Cause: intake.CauseUnproven}, ticket.New{Requester: f.hana.ID, Channel: ticket.ByForm, Message: ticket.Draft{Text: "cannot log in"}}))
			no = t
		})
		f.wantAsked(no, "What is it about?")
	})
}

func TestManyWhoNameTheSameAreGuessedFrom(t *testing.T) {
	each(t, func(f *fixture) {
		for i := range 6 {
			var p person.Person
			f.write(func(tx *db.Tx) {
				p = must(person.Create(f.Context(), tx, person.New{Name: "Somebody", Addresses: []string{string(rune('a'+i)) + "@example.com"}, Role: person.Requester}))
			})
			f.comesOf(person.Actor{ID: p.ID, Role: person.Requester}, "The VPN drops again and again")
		}
		tk := f.comes("it does not work")
		q := f.wantAsked(tk, "Is it this: the VPN? 6 people report it right now.")
		f.answers(tk, q.ID, "Yes, that is it")
		f.wantAsked(tk, "")

		move := func(team int64) {
			f.write(func(tx *db.Tx) {
				must(tx.Exec(f.Context(), `UPDATE ticket SET team_id = $1 WHERE id IN (SELECT ticket_id FROM intake_naming)`, team))
			})
		}
		var payroll int64
		f.write(func(tx *db.Tx) {
			payroll = must(person.SaveTeam(f.Context(), tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
		})
		move(payroll)
		f.wantAsked(f.comes("it does not work"), "What is it about?")
		move(f.team)
		f.wantAsked(f.comes("it does not work"), "Is it this: the VPN? 6 people report it right now.")
		f.write(func(tx *db.Tx) {
			for _, name := range []string{"Acme", "Brook"} {
				must(person.SaveOrganisation(f.Context(), tx, person.Organisation{Name: name}))
			}
		})
		f.wantAsked(f.comes("it does not work"), "What is it about?") // hana is in neither: what others have is not for her
	})
}

func TestEarlierTicketsPutTheLikeliestFirst(t *testing.T) {
	each(t, func(f *fixture) {
		f.comes("The printer EM93 prints nothing")
		q := f.asked(f.comes("help"))
		if all := q.Answers(); len(all) == 0 || all[0].Topic != "printer" {
			f.Errorf("offered first is %+v", all)
		}
	})
}

func TestQuestionsAreTheDesksOwn(t *testing.T) {
	each(t, func(f *fixture) {
		save := func(q intake.Question) (err error) {
			f.write(func(tx *db.Tx) { err = intake.SaveQuestion(f.Context(), tx, q) })
			return err
		}
		q := intake.Question{Topic: "any", Slot: intake.SlotThing, Language: "en", Text: "What can we look at for you?", Choices: "The till > computer\nSomething else"}
		if err := save(q); err != nil {
			f.Fatal(err)
		}
		if err := save(q); !fault.Is(err, fault.KindConflict) {
			f.Errorf("what somebody else changed meanwhile is lost: %v", err)
		}
		tk := f.comes("help")
		asked := f.wantAsked(tk, "What can we look at for you?")
		f.answers(tk, asked.ID, "The till")
		f.wantAsked(tk, "What does the computer do?")
		q.Off, q.Version = true, 1
		if err := save(q); err != nil {
			f.Fatal(err)
		}
		f.wantAsked(f.comes("help"), "What happens when you try?")
		f.write(func(tx *db.Tx) {
			if err := intake.RestoreQuestion(f.Context(), tx, "any", intake.SlotThing, "en"); err != nil {
				panic(err)
			}
		})
		f.wantAsked(f.comes("help"), "What is it about?")
		for _, wrong := range []intake.Question{
			{Topic: "any", Slot: intake.SlotThing, Language: "en"},
			{Topic: "any", Slot: intake.SlotThing, Language: "en", Text: strings.Repeat("x", 201)},
			{Topic: "any", Slot: intake.SlotThing, Language: "en", Text: "What?", Choices: strings.Repeat("a\n", 9)},
			{Topic: "any", Slot: intake.SlotThing, Language: "en", Text: "What?", Choices: "A > nowhere"},
			{Topic: "nowhere", Slot: intake.SlotDetail, Language: "en", Text: "What?"},
			{Topic: "any", Slot: intake.SlotGuess, Language: "en", Text: "What?"},
			{Topic: "any", Slot: intake.SlotDetail, Language: "xx", Text: "What?"},
		} {
			if err := save(wrong); err == nil {
				f.Errorf("%+v was taken", wrong)
			}
		}
	})
}

func TestFigureSaysHowManyReachAnAgentComplete(t *testing.T) {
	each(t, func(f *fixture) {
		figures := func() (n intake.Figures) {
			f.write(func(tx *db.Tx) { n = must(intake.FiguresOf(f.Context(), tx)) })
			return n
		}
		assign := func(tk ticket.Ticket) {
			f.write(func(tx *db.Tx) {
				if err := f.desk.Assign(f.Context(), tx, ticket.By{Actor: f.amara}, tk.ID, f.amara.ID); err != nil {
					panic(err)
				}
			})
		}
		f.comes("help")
		assign(f.comes("Outlook does not open since this morning"))
		assign(f.comes("help"))
		told := f.comes("Outlook problem")
		f.answers(told, f.asked(told).ID, "I cannot send")
		assign(told)
		late := f.comes("Outlook problem")
		assign(late)
		f.answers(late, f.asked(late).ID, "I cannot send")
		if got := figures(); got != (intake.Figures{Acted: 3, Complete: 1}) {
			f.Errorf("%+v", got)
		}
		f.at = f.at.Add(31 * 24 * time.Hour)
		if got := figures(); got != (intake.Figures{}) {
			f.Errorf("a month later: %+v", got)
		}
	})
}
