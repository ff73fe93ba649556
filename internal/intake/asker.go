package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// Broken is something that is out of order right now, as far as somebody may know.
type Broken struct {
	Outage int64
	// Name is what it is, in the words of whoever posted it.
	Name string
	// People is how many have it; 0 for not known.
	People int
}

// Asker asks about vague requests. The program builds one.
type Asker struct {
	Desk *ticket.Desk
	// Mail sends the question that was just put; first is the one that goes with the mail that confirms the request. nil mails nothing.
	Mail func(ctx context.Context, tx *db.Tx, ticketID, askID int64, first bool) error
	// Broken gives what is out of order now and may be what a text speaks of, the likeliest first; with any set, what it does not speak of
	// too. reader is who is told; 0 is somebody of whom nothing is known. nil is nothing.
	Broken func(ctx context.Context, tx *db.Tx, reader int64, text string, any bool) ([]Broken, error)
	// MeToo notes that a ticket is about an outage. Required where Broken is there.
	MeToo func(ctx context.Context, tx *db.Tx, by ticket.By, ticketID, outage int64) error
}

// CauseUnproven marks on the spine what came by a link that proved nothing.
const CauseUnproven = "unproven link"

// Hook is for the end of a transaction, after rules and routing.
func (a *Asker) Hook() ticket.Hook {
	return func(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
		switch e.What {
		case ticket.Messaged:
			return a.said(ctx, tx, e, t, m)
		case ticket.StatusChanged:
			if !t.Status.IsOpen() {
				return end(ctx, tx, t.ID, Stopped, endedClosed)
			}
		case ticket.OutageLinked:
			return linked(ctx, tx, e)
		case ticket.Joined, ticket.SplitOff, ticket.Trashed, ticket.Suspected:
			return end(ctx, tx, t.ID, Stopped, endedMoved)
		}
		return acted(ctx, tx, e, t)
	}
}

// said looks at a public message.
func (a *Asker) said(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m *ticket.Message) error {
	switch {
	case m == nil || m.Automatic || m.CreatedAt != tx.Now: // a program wrote it, or an importer brings it
		return nil
	case m.Inbound && m.Seq == 1:
		return a.came(ctx, tx, e, t, *m)
	case m.Inbound && m.AuthorID == t.RequesterID:
		return a.wrote(ctx, tx, e, t, *m)
	case m.Inbound:
		return nil
	}
	if err := acted(ctx, tx, e, t); err != nil {
		return err
	}
	return end(ctx, tx, t.ID, Stopped, endedAnswered)
}

// came judges a request that has just come.
func (a *Asker) came(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m ticket.Message) error {
	if t.Turn.Doubtful() || !t.IsOpen || t.MergedInto != 0 {
		return nil
	}
	v := Judge(m.Text, t.Subject, "")
	if err := a.name(ctx, tx, t.ID, v.Topic); err != nil {
		return err
	}
	if !v.Vague || t.Channel != ticket.ByMail && t.Channel != ticket.ByForm || e.Actor == "rule" {
		return nil
	}
	if told, err := toldElsewhere(ctx, tx, t, m, v); err != nil || told {
		return err
	}
	i := asking{TicketID: t.ID, State: Going, Language: v.Language, Thing: v.Thing, Topic: v.Topic, Symptom: v.Symptom, At: tx.Now, Unproven: e.Cause == CauseUnproven}
	if v.Own || Label(v.Topic, "en") == "" {
		i.Topic = ""
	}
	if v.Has(NoThing) {
		i.Thing, i.Topic = "", ""
	}
	if v.Has(NoSymptom) {
		i.Symptom = ""
	}
	for _, w := range v.Why {
		i.Why = strings.TrimSpace(i.Why + " " + string(w))
	}
	if i.Language == "" {
		i.Language = "en"
	}
	if err := i.store(ctx, tx); err != nil {
		return err
	}
	return a.next(ctx, tx, t, i, true)
}

// toldElsewhere tells that what the text leaves out stands in a form that was filled in, in a picture, or in the mail that was passed on.
func toldElsewhere(ctx context.Context, tx *db.Tx, t ticket.Ticket, m ticket.Message, v Verdict) (bool, error) {
	if known, err := db.Exists(ctx, tx, `SELECT 1 FROM ticket_fact WHERE ticket_id = $1`, t.ID); err != nil || known {
		return known, err
	}
	if !v.Has(NoThing) {
		if files, err := db.Exists(ctx, tx, `SELECT 1 FROM attachment WHERE message_id = $1`, m.ID); err != nil || files {
			return files, err
		}
	}
	return m.Quoted != "" && !Judge(m.Text+"\n"+m.Quoted, t.Subject, v.Language).Vague, nil
}

// wrote takes what the requester writes while a question waits for its answer: by mail or on the page, as a message.
func (a *Asker) wrote(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket, m ticket.Message) error {
	q, ok, err := Current(ctx, tx, t.ID)
	if err != nil || !ok {
		return err
	}
	by := ticket.By{Actor: person.System, Cause: e.Cause}
	if who, err := person.ActorOf(ctx, tx, t.RequesterID); err == nil {
		by.Actor = who
	} else if !errors.Is(err, db.ErrNoRow) {
		return err
	}
	return a.answered(ctx, tx, by, t, q, m.Text, m.Channel == ticket.ByMail)
}

// Answer takes what was answered to a question on the request's page. One that was answered before is answered anew; an empty text skips
// it. by may write on the ticket.
func (a *Asker) Answer(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, askID int64, text string) error {
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil {
		return err
	}
	all, err := asks(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(q Ask) bool { return q.ID == askID })
	if at < 0 {
		return errNoQuestion
	}
	return a.answered(ctx, tx, by, t, all[at], text, false)
}

// answered notes an answer, and asks the next question when this one was the last put.
func (a *Asker) answered(ctx context.Context, tx *db.Tx, by ticket.By, t ticket.Ticket, q Ask, text string, byMail bool) error {
	text = strings.TrimSpace(text)
	if err := tx.Lock(ctx, "ticket", t.ID); err != nil {
		return err
	}
	i, ok, err := load(ctx, tx, t.ID)
	if err != nil || !ok {
		return err
	}
	again, err := db.One[bool](ctx, tx, `SELECT answered_at <> 0 FROM intake_ask WHERE id = $1`, q.ID)
	if err != nil || again && (text == "" || text == q.Answer) {
		return err // sent twice
	}
	kept := text
	if len(kept) > ticket.MaxFactValue {
		kept = strings.ToValidUTF8(kept[:ticket.MaxFactValue], "")
	}
	if _, err := tx.Exec(ctx, `UPDATE intake_ask SET answered_at = $2, answer = $3 WHERE id = $1`, q.ID, tx.Now, kept); err != nil {
		return err
	}
	if kept != "" {
		if err := a.Desk.SetFact(ctx, tx, by, t.ID, ticket.Fact{Source: "intake", Key: q.Question, Kind: ticket.FactText, Label: q.Text, Value: kept}); err != nil {
			return err
		}
	}
	if q.isYes(text) && q.GuessOutage != 0 && a.MeToo != nil {
		if err := a.MeToo(ctx, tx, by, t.ID, q.GuessOutage); err != nil {
			return err
		}
	}
	i.learn(q, text)
	if again || i.State != Going {
		return i.store(ctx, tx)
	}
	if err := i.store(ctx, tx); err != nil {
		return err
	}
	return a.proceed(ctx, tx, t, i, q, text, byMail)
}

// proceed asks on, unless enough is known.
func (a *Asker) proceed(ctx context.Context, tx *db.Tx, t ticket.Ticket, i asking, q Ask, text string, byMail bool) error {
	if i.known() && (q.isYes(text) || q.Slot == SlotDetail || len(strings.Fields(text)) > describedWords) {
		return end(ctx, tx, t.ID, Done, endedComplete)
	}
	if q.Place >= MaxAsked {
		return end(ctx, tx, t.ID, Done, endedAsked)
	}
	return a.next(ctx, tx, t, i, byMail)
}

// learn takes from an answer what it says.
func (i *asking) learn(q Ask, text string) {
	if text == "" {
		return
	}
	v := Judge(text, "", i.Language)
	thing := func() {
		if v.Thing != "" && !v.Own {
			i.Topic = v.Topic
		}
		i.Thing = firstOf(v.Thing, short(text))
	}
	switch {
	case q.Slot == SlotGuess && q.isYes(text):
		i.Thing, i.Topic, i.Symptom = firstOf(i.Thing, firstOf(q.GuessTopic, "outage")), firstOf(i.Topic, q.GuessTopic), firstOf(i.Symptom, "outage")
	case q.Slot == SlotGuess:
	case q.Slot == SlotThing && (q.offers(text) || !v.Has(NoThing)):
		thing()
		for _, c := range q.Answers() {
			if c.Text == text && c.Topic != "" {
				i.Topic = c.Topic
			}
		}
	case q.Slot == SlotSymptom && !(v.Has(NoSymptom) && v.Has(NoThing)): // anything but "I don't know"
		i.Symptom = short(text)
	}
	if i.Thing == "" && v.Thing != "" {
		thing()
	}
	told := q.Slot != SlotGuess || !q.offers(text)
	if i.Symptom == "" && told {
		i.Symptom = v.Symptom
	}
	if i.Symptom == "" && told && !v.Vague && len(strings.Fields(text)) > describedWords {
		i.Symptom = short(text)
	}
}

// offers tells that a text is one of the answers to tap.
func (a Ask) offers(text string) bool {
	return slices.ContainsFunc(a.Answers(), func(c Choice) bool { return c.Text == text })
}

// isYes tells that somebody said yes to a guess: the first of its answers.
func (a Ask) isYes(text string) bool {
	all := a.Answers()
	if a.Slot != SlotGuess || len(all) == 0 {
		return false
	}
	first, _, _ := strings.Cut(all[0].Text, ",")
	word := strings.ToLower(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n.,!:;-", r) }), " "))
	return text == all[0].Text || word == strings.ToLower(first) || strings.HasPrefix(word, strings.ToLower(first)+" ")
}

func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60])
	}
	return s
}

// Stop ends the questions about a ticket because somebody of the desk wants it. by may change the ticket.
func (a *Asker) Stop(ctx context.Context, tx *db.Tx, by ticket.By, ticketID int64) error {
	t, err := ticket.Get(ctx, tx, by.Actor, person.ChangeTicket, ticketID)
	if err != nil {
		return err
	}
	return end(ctx, tx, t.ID, Stopped, endedByAgent)
}

// end ends the questions about a ticket, if there are any.
func end(ctx context.Context, tx *db.Tx, ticketID int64, s State, how string) error {
	_, err := tx.Exec(ctx, `UPDATE intake SET state = $2, ended = $3, ended_at = $4 WHERE ticket_id = $1 AND state = 'asking'`, ticketID, s, how, tx.Now)
	return err
}

// linked takes it for an answer that a ticket is about an outage.
func linked(ctx context.Context, tx *db.Tx, e ticket.Event) error {
	if e.ToValue == "" || e.ToValue == "0" {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE intake SET state = $2, ended = $3, ended_at = $4, thing = CASE WHEN thing = '' THEN 'outage' ELSE thing END,
		symptom = CASE WHEN symptom = '' THEN 'outage' ELSE symptom END WHERE ticket_id = $1 AND state = 'asking'`, e.TicketID, Done, endedComplete, tx.Now)
	return err
}

// acted notes when somebody of the desk first does something about a vague request, and whether it is complete by then.
func acted(ctx context.Context, tx *db.Tx, e ticket.Event, t ticket.Ticket) error {
	switch e.What {
	case ticket.Messaged, ticket.Noted, ticket.Assigned, ticket.StatusChanged, ticket.TeamChanged, ticket.PriorityChanged, ticket.KindChanged, ticket.SubjectChanged, ticket.Tagged:
	default:
		return nil
	}
	if e.Actor != "person" || e.PersonID == t.RequesterID {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE intake SET acted_at = $2, complete = (thing <> '' AND symptom <> '') WHERE ticket_id = $1 AND acted_at = 0`, t.ID, tx.Now)
	return err
}

// Forget is for ticket.Desk.
func Forget(ctx context.Context, tx *db.Tx, ticketID int64) ([]blob.Ref, error) {
	return nil, forgetRows(ctx, tx, ticketID)
}
