package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

var errNoQuestion = fault.NotFound(i18n.M("There is no such question."))

// next puts the next question, or ends when there is none. byMail says that it should be mailed.
func (a *Asker) next(ctx context.Context, tx *db.Tx, t ticket.Ticket, i asking, byMail bool) error {
	before, err := asks(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	if len(before) >= MaxAsked {
		return end(ctx, tx, t.ID, Done, endedAsked)
	}
	q, ok, err := a.question(ctx, tx, t, i, before)
	if err != nil {
		return err
	}
	if !ok {
		how := endedAsked
		if i.known() {
			how = endedComplete
		}
		return end(ctx, tx, t.ID, Done, how)
	}
	q.TicketID, q.Place, q.AskedAt = t.ID, int64(len(before))+1, tx.Now
	q.ID, err = db.One[int64](ctx, tx, `INSERT INTO intake_ask (ticket_id, place, question, slot, text, choices, guess_outage, guess_topic, asked_at, mailed_at, answered_at, answer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '') RETURNING id`, q.TicketID, q.Place, q.Question, q.Slot, q.Text, q.Choices, q.GuessOutage, q.GuessTopic, q.AskedAt)
	if err != nil || a.Mail == nil || !byMail {
		return err
	}
	return a.Mail(ctx, tx, t.ID, q.ID, len(before) == 0)
}

// question chooses what to ask: first what may be broken right now, then what it is about, then what is wrong, then what else helps.
func (a *Asker) question(ctx context.Context, tx *db.Tx, t ticket.Ticket, i asking, before []Ask) (Ask, bool, error) {
	if len(before) == 0 {
		if q, ok, err := a.guess(ctx, tx, t, i); err != nil || ok {
			return q, ok, err
		}
	}
	put := func(s Slot) bool { return slices.ContainsFunc(before, func(q Ask) bool { return q.Slot == s }) }
	for _, slot := range Slots() {
		known := slot == SlotThing && i.Thing != "" || slot == SlotSymptom && i.Symptom != "" || slot == SlotDetail && !i.known()
		if known || put(slot) {
			continue
		}
		q, ok, err := chosen(ctx, tx, i, slot)
		if err != nil {
			return Ask{}, false, err
		}
		if ok {
			if slot == SlotThing {
				q.Choices, err = likeliestFirst(ctx, tx, t, q.Choices)
			}
			return q, true, err
		}
	}
	return Ask{}, false, nil
}

// chosen is the question for a slot: that of the topic, or else the one for anything. One that is switched off is not asked.
func chosen(ctx context.Context, tx *db.Tx, i asking, slot Slot) (Ask, bool, error) {
	topics := []string{i.Topic, AnyTopic}
	if slot == SlotThing {
		topics = topics[1:]
	}
	for _, topic := range topics {
		if topic == "" {
			continue
		}
		q, err := QuestionOf(ctx, tx, topic, slot, i.Language)
		if err != nil || q.Off {
			return Ask{}, false, err
		}
		if q.Text != "" {
			return Ask{Question: topic + "/" + string(slot), Slot: slot, Text: put(q.Text, i.Topic, i.Language), Choices: q.Choices}, true, nil
		}
	}
	return Ask{}, false, nil
}

// likeliestFirst puts the answer first that the person's earlier tickets speak for.
func likeliestFirst(ctx context.Context, tx *db.Tx, t ticket.Ticket, choices string) (string, error) {
	topics, err := db.All[string](ctx, tx, `SELECT n.topic FROM ticket t JOIN intake_naming n ON n.ticket_id = t.id WHERE t.requester_id = $1 AND t.id <> $2
		ORDER BY t.activity_at DESC LIMIT 20`, t.RequesterID, t.ID)
	if err != nil || len(topics) == 0 {
		return choices, err
	}
	often := map[string]int{}
	for _, topic := range topics {
		often[topic]++
	}
	lines := strings.SplitAfter(choices, "\n")
	slices.SortStableFunc(lines, func(a, b string) int { return often[topicOf(b)] - often[topicOf(a)] })
	return strings.Join(lines, ""), nil
}

func topicOf(line string) string {
	_, topic, _ := strings.Cut(strings.TrimSpace(line), " > ")
	return strings.TrimSpace(topic)
}

// guess asks whether it is what is out of order right now, when something is.
func (a *Asker) guess(ctx context.Context, tx *db.Tx, t ticket.Ticket, i asking) (Ask, bool, error) {
	words := i18n.With(ctx, i.Language, nil)
	q := Ask{Question: "guess", Slot: SlotGuess, Choices: i18n.T(words, "Yes, that is it") + "\n" + i18n.T(words, "No, something else") + "\n"}
	reader := t.RequesterID
	if i.Unproven { // whoever typed the address need not be that person
		reader = 0
	}
	if a.Broken != nil {
		said, err := db.One[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND seq = 1`, t.ID)
		if err != nil {
			return q, false, err
		}
		all, err := a.Broken(ctx, tx, reader, t.Subject+"\n"+said, i.Thing == "")
		if err != nil {
			return q, false, err
		}
		if len(all) > 0 {
			q.GuessOutage, q.Text = all[0].Outage, guessText(words, all[0].Name, all[0].People)
			return q, true, nil
		}
	}
	b, err := burst(ctx, tx, reader, t.ID, i.Topic)
	if err != nil || b.Topic == "" {
		return q, false, err
	}
	q.GuessTopic, q.Text = b.Topic, guessText(words, Label(b.Topic, i.Language), b.People)
	return q, true, nil
}

func guessText(ctx context.Context, name string, people int) string {
	if people < 2 {
		return i18n.T(ctx, "Is it this: {{.Name}}? We know that it does not work right now.", "Name", name)
	}
	return i18n.N(ctx, "Is it this: {{.Name}}? {{.Count}} person reports it right now.", "Is it this: {{.Name}}? {{.Count}} people report it right now.", people, "Name", name)
}

// A thing is out of order when so many people name it within the span, and so many times as many as usual.
const (
	burstSpan   = 2 * time.Hour
	burstPeople = 5
	burstTimes  = 4
	usualSpan   = 28 * 24 * time.Hour
	usualBound  = 5000
)

// Burst is a thing that many people name at once.
type Burst struct {
	Topic  string
	People int
}

// burst finds what unusually many people have named within the last two hours, as far as the reader may know of them. topic, when it is
// known, is the only one looked at.
func burst(ctx context.Context, tx *db.Tx, reader, but int64, topic string) (Burst, error) {
	circle, err := person.CircleOf(ctx, tx, reader)
	if err != nil || !circle.All && circle.OrganisationID == 0 {
		return Burst{}, err
	}
	all, err := db.All[Burst](ctx, tx, `SELECT n.topic, count(DISTINCT t.requester_id) AS people FROM intake_naming n JOIN ticket t ON t.id = n.ticket_id JOIN team m ON m.id = t.team_id
		WHERE n.at >= $1 AND n.ticket_id <> $2 AND ($3 = '' OR n.topic = $3) AND NOT m.private AND t.turn NOT IN ('suspect', 'spam', 'trash') AND ($4 = 0 OR t.organisation_id = $4)
		GROUP BY n.topic HAVING count(DISTINCT t.requester_id) >= $5 ORDER BY people DESC, n.topic LIMIT 3`, tx.Now.Add(-burstSpan), but, topic, circleID(circle), burstPeople)
	if err != nil {
		return Burst{}, err
	}
	for _, b := range all {
		usual, err := db.One[int](ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM intake_naming WHERE topic = $1 AND at >= $2 AND at < $3 LIMIT $4) AS u`, b.Topic, tx.Now.Add(-usualSpan), tx.Now.Add(-burstSpan), usualBound)
		if err != nil {
			return Burst{}, err
		}
		if usual*burstTimes <= b.People*int(usualSpan/burstSpan) {
			return b, nil
		}
	}
	return Burst{}, nil
}

// circleID is the organisation that a circle is bounded by; 0 for none.
func circleID(c person.Circle) int64 {
	if c.All {
		return 0
	}
	return c.OrganisationID
}

// name notes what a ticket is about.
func (a *Asker) name(ctx context.Context, tx *db.Tx, ticketID int64, topic string) error {
	if topic == "" || Label(topic, "en") == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO intake_naming (ticket_id, topic, at) VALUES ($1, $2, $3) ON CONFLICT (ticket_id) DO NOTHING`, ticketID, topic, tx.Now)
	return err
}

// sweepBatch is how many old namings are dropped at a time.
const sweepBatch = 500

// Sweep drops what tickets were about once it is too old to tell what is usual.
func Sweep(ctx context.Context, dbase *db.DB) error {
	var old bool
	err := dbase.Read(ctx, func(tx *db.Tx) (err error) {
		old, err = db.Exists(ctx, tx, `SELECT 1 FROM intake_naming WHERE at < $1 LIMIT 1`, tooOld(tx.Now))
		return err
	})
	if err != nil || !old {
		return err
	}
	return dbase.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM intake_naming WHERE ticket_id IN (SELECT ticket_id FROM intake_naming WHERE at < $1 ORDER BY at LIMIT $2)`, tooOld(tx.Now), sweepBatch)
		return err
	})
}

func tooOld(now clock.Instant) clock.Instant { return now.Add(-usualSpan - 24*time.Hour) }
