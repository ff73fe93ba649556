package api

import (
	"context"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// NewTelling is what the requester is to read about what goes on behind the scenes.
type NewTelling struct {
	Text   string     `json:"text,omitempty" doc:"A few sentences for the requester. May be left out where news are promised." example:"Most likely a worn drum; a spare is in the house."`
	Note   int64      `json:"note,omitempty" doc:"The internal note that it tells of, whose own words stay internal. What was told of it before is replaced."`
	NewsBy *time.Time `json:"news_by,omitempty" doc:"By when the requester hears something again." example:"2026-11-23T15:00:00Z"`
}

type newTelling struct {
	ByNumber
	Once
	Body NewTelling
}

// Telling is what the requester reads.
type Telling struct {
	Text string `json:"text"`
	At   Time   `json:"at"`
}

// Told is what the requester of a ticket is told.
type Told struct {
	Tellings []Telling `json:"tellings" nullable:"false" doc:"Oldest first."`
	NewsBy   Time      `json:"news_by" doc:"By when they hear something again; null for no promise."`
}

func (s *server) tell(ctx context.Context, in *newTelling) (*Created[Told], error) {
	return create(ctx, s, in.Once, nil, func(tx *db.Tx, a person.Actor) (Told, error) {
		by := ticket.By{Actor: a}
		if in.Body.Text != "" || in.Body.NewsBy == nil {
			if err := s.Tickets.Tell(ctx, tx, by, in.Number, ticket.Telling{Text: in.Body.Text, MessageID: in.Body.Note}); err != nil {
				return Told{}, err
			}
			if err := tx.Settle(); err != nil { // what is told keeps the promise of before
				return Told{}, err
			}
		}
		if in.Body.NewsBy != nil {
			if err := s.Tickets.PromiseNews(ctx, tx, by, in.Number, clock.From(*in.Body.NewsBy)); err != nil {
				return Told{}, err
			}
		}
		return toldOf(ctx, tx, in.Number)
	})
}

func (s *server) listTold(ctx context.Context, in *ByNumber) (*bodyOf[Told], error) {
	out := &bodyOf[Told]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		t, err := ticket.Get(ctx, tx, a, person.SeeTicket, in.Number)
		if err != nil {
			return err
		}
		out.Body, err = toldOf(ctx, tx, t.ID)
		return err
	})
}

func toldOf(ctx context.Context, tx *db.Tx, number int64) (out Told, err error) {
	out.Tellings = []Telling{}
	all, err := ticket.Told(ctx, tx, number)
	if err != nil {
		return out, err
	}
	for _, e := range all {
		out.Tellings = append(out.Tellings, Telling{Text: e.ToValue, At: Time(e.At)})
	}
	n, err := ticket.NewsOf(ctx, tx, number)
	out.NewsBy = Time(n.DueAt)
	return out, err
}
