package stint

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/gap"
	"goodturn/internal/i18n"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// PointKind is what a point of a debrief is.
type PointKind string

// The kinds. Each becomes something whose end the guest hears of.
const (
	Papercut  PointKind = "papercut" // a small thing that annoys: it becomes a papercut, said by the guest
	Unwritten PointKind = "write"    // what should be written down: a gap, whose follower the guest is (internal/gap)
	Product   PointKind = "product"  // what our own product should do: a request to the team
	OutOfHand PointKind = "decide"   // what the desk cannot help: a request to whoever decides it, with its tickets and hours
)

// Point is one thing of a debrief, and what became of it.
type Point struct {
	ID         int64
	StintID    int64
	Kind       PointKind
	Text       string
	Tickets    []int64 `db:"-"` // that show it, of those that were lent
	PapercutID int64
	TicketID   int64
	GapID      int64
	Hours      float64 // how long people waited in these tickets, in working hours
}

// Debrief is what somebody took from their turn.
type Debrief struct {
	StintID int64
	Saw     string // "what I saw", in their own words
	Points  []Point
	// DeciderID is who decides what is out of the desk's hands; 0 for the leads.
	DeciderID int64
	Thanks    string // to the mentor, or ""
	At        clock.Instant
}

// Limits of a debrief.
const (
	maxSaw    = 5000 // letters
	maxPoint  = 1000
	maxPoints = 12
)

// DebriefOf gives the debrief of a stint; false when there is none yet. Ask only for one of the two, or who plans stints.
func DebriefOf(ctx context.Context, tx *db.Tx, stintID int64) (Debrief, bool, error) {
	type row struct {
		StintID, DeciderID int64
		Saw, Thanks        string
		At                 clock.Instant
	}
	r, err := db.One[row](ctx, tx, `SELECT stint_id, coalesce(decider_id, 0) AS decider_id, saw, thanks, at FROM debrief WHERE stint_id = $1`, stintID)
	if errors.Is(err, db.ErrNoRow) {
		return Debrief{}, false, nil
	}
	if err != nil {
		return Debrief{}, false, err
	}
	d := Debrief{StintID: r.StintID, DeciderID: r.DeciderID, Saw: r.Saw, Thanks: r.Thanks, At: r.At}
	d.Points, err = db.All[Point](ctx, tx, `SELECT id, stint_id, kind, text, papercut_id, ticket_id, gap_id, hours FROM debrief_point WHERE stint_id = $1 ORDER BY id`, stintID)
	return d, true, err
}

// Debrief keeps what somebody took from their turn, once, and makes of each point what it is to become. What cannot be is fault.Invalid by
// "saw", "thanks", or the kind of the point.
func (k *Keeper) Debrief(ctx context.Context, tx *db.Tx, a person.Actor, stintID int64, d Debrief) error {
	s, err := own(ctx, tx, a, stintID)
	if err != nil {
		return err
	}
	if s.State != Over && s.State != Running {
		return over()
	}
	if _, done, err := DebriefOf(ctx, tx, stintID); err != nil || done {
		if done {
			err = fault.Conflict(i18n.M("You have written it already. Thank you."))
		}
		return err
	}
	if err := d.check(ctx, tx); err != nil {
		return err
	}
	if s.State == Running {
		if err := k.end(ctx, tx, s); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO debrief (stint_id, saw, decider_id, thanks, at) VALUES ($1, $2, $3, $4, $5)`, stintID, d.Saw, orNull(d.DeciderID), d.Thanks, tx.Now); err != nil {
		return err
	}
	for _, p := range d.Points {
		p.StintID = stintID
		if err := k.settle(ctx, tx, s, d, &p); err != nil {
			return err
		}
	}
	return k.thank(ctx, tx, s, d)
}

func clean(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", ""))
}

func (d *Debrief) check(ctx context.Context, tx *db.Tx) error {
	var wrong []fault.Field
	long := func(field, text string, most int) {
		if n := utf8.RuneCountInString(text); n > most {
			wrong = append(wrong, fault.F(field, i18n.M("Please keep it to {{.Count}} letters; this has {{.Has}}.", "Count", most, "Has", n)))
		}
	}
	d.Saw, d.Thanks = clean(d.Saw), clean(d.Thanks)
	if d.Saw == "" {
		wrong = append(wrong, fault.F("saw", i18n.M("Please write what you saw, in a sentence or two.")))
	}
	long("saw", d.Saw, maxSaw)
	long("thanks", d.Thanks, maxPoint)
	var kept []Point
	for _, p := range d.Points {
		if p.Text = clean(p.Text); p.Text == "" {
			continue
		}
		most := maxPoint
		if p.Kind == Papercut {
			p.Text, most = papercut.Clean(p.Text), papercut.MaxText
			if utf8.RuneCountInString(p.Text) < 3 {
				wrong = append(wrong, fault.F(string(p.Kind), i18n.M("Please say it in a few words.")))
			}
		}
		long(string(p.Kind), p.Text, most)
		kept = append(kept, p)
	}
	d.Points = kept[:min(len(kept), maxPoints)]
	if d.DeciderID != 0 {
		who, err := person.ActorOf(ctx, tx, d.DeciderID)
		if err != nil && !errors.Is(err, db.ErrNoRow) {
			return err
		}
		if err != nil || !who.Staff() {
			wrong = append(wrong, fault.F("decider", i18n.M("Please choose somebody of the desk.")))
		}
	}
	return fault.Check(wrong)
}

// settle makes of a point what it is to become.
func (k *Keeper) settle(ctx context.Context, tx *db.Tx, s Stint, d Debrief, p *Point) (err error) {
	switch p.Kind {
	case Papercut:
		r, err := k.Papercuts.Say(ctx, tx, papercut.Who{Person: s.PersonID}, papercut.Said{Text: p.Text, How: papercut.ByPortal})
		if err != nil {
			return err
		}
		p.PapercutID = r.ID
	case Unwritten:
		if p.GapID, err = gap.Say(ctx, tx, s.PersonID, p.Text); err != nil {
			return err
		}
	case Product, OutOfHand:
		if p.Kind == OutOfHand {
			if err := k.cost(ctx, tx, s, p); err != nil {
				return err
			}
		}
		if p.TicketID, err = k.ask(ctx, tx, s, d, *p); err != nil {
			return err
		}
	default:
		return nil
	}
	_, err = tx.Exec(ctx, `INSERT INTO debrief_point (stint_id, kind, text, tickets, papercut_id, ticket_id, hours, gap_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.StintID, p.Kind, p.Text, numbers(p.Tickets), p.PapercutID, p.TicketID, p.Hours, p.GapID)
	return err
}

func numbers(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = decimal(id)
	}
	return strings.Join(words, " ")
}

// cost keeps of a point's tickets those that were lent, and adds up how long people waited in them, in working hours of the team.
func (k *Keeper) cost(ctx context.Context, tx *db.Tx, s Stint, p *Point) error {
	hours, err := k.hours(ctx, tx, s.TeamID)
	if err != nil {
		return err
	}
	type waited struct {
		ID                  int64
		CreatedAt, SolvedAt clock.Instant
	}
	all, err := db.All[waited](ctx, tx, `SELECT t.id, t.created_at, t.solved_at FROM stint_ticket x JOIN ticket t ON t.id = x.ticket_id WHERE x.stint_id = $1 ORDER BY t.id`, s.ID)
	if err != nil {
		return err
	}
	wanted := map[int64]bool{}
	for _, id := range p.Tickets {
		wanted[id] = true
	}
	p.Tickets = nil
	for _, w := range all {
		if !wanted[w.ID] {
			continue
		}
		until := w.SolvedAt
		if until == 0 {
			until = tx.Now
		}
		p.Tickets = append(p.Tickets, w.ID)
		p.Hours += hours.Worked(w.CreatedAt, until).Round(6 * time.Minute).Hours()
	}
	return nil
}

// ask makes a request of a point, with the guest as its requester, so that they hear what becomes of it.
func (k *Keeper) ask(ctx context.Context, tx *db.Tx, s Stint, d Debrief, p Point) (int64, error) {
	subject := map[PointKind]string{
		Product:   i18n.T(ctx, "What our product should do"),
		OutOfHand: i18n.T(ctx, "Out of the desk's hands"),
	}[p.Kind]
	text := p.Text
	if len(p.Tickets) > 0 {
		text += "\n\n" + i18n.T(ctx, "Seen in: {{.Tickets}}. People waited {{.Hours}} working hours in them.", "Tickets", "#"+strings.Join(strings.Fields(numbers(p.Tickets)), ", #"), "Hours", strconv.FormatFloat(p.Hours, 'f', -1, 64))
	}
	n := ticket.New{Subject: subject + ": " + firstLine(p.Text), Requester: s.PersonID, Team: s.TeamID, Channel: ticket.ByForm, Kind: ticket.Request, Message: ticket.Draft{Text: text}, Tags: []string{"stint"}}
	if p.Kind == OutOfHand && d.DeciderID != 0 {
		n.Assignee = d.DeciderID
	}
	t, err := k.Desk.Create(ctx, tx, ticket.By{Actor: person.System}, n)
	return t.ID, err
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if r := []rune(line); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return line
}

// thank thanks the guest by mail, and brings the mentor their words.
func (k *Keeper) thank(ctx context.Context, tx *db.Tx, s Stint, d Debrief) error {
	if err := k.mail(ctx, tx, s, s.PersonID, LetterThanks); err != nil {
		return err
	}
	if k.Tell == nil {
		return nil
	}
	who, err := person.Get(ctx, tx, s.PersonID)
	if err != nil {
		return err
	}
	if s.MentorID != 0 && d.Thanks != "" {
		if err := k.Tell(ctx, tx, []int64{s.MentorID}, MentoringURL(s.ID), i18n.M("{{.Name}} thanks you", "Name", who.Name)); err != nil {
			return err
		}
	}
	all, err := leads(ctx, tx)
	if err != nil {
		return err
	}
	return k.Tell(ctx, tx, all, StintURL(s.ID), i18n.M("{{.Name}} has written what they saw at the desk", "Name", who.Name))
}
