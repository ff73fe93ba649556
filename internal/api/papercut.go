package api

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
)

// Papercut is something small that annoys.
type Papercut struct {
	ID        int64  `json:"id"`
	Title     string `json:"title" doc:"The desk's own title, or its first sentence."`
	State     string `json:"state" enum:"open,handed_on,gone,stays"`
	Reason    string `json:"reason" doc:"Why it stays as it is, or how it was mended; may be empty."`
	Note      string `json:"note" doc:"Of staff for each other; may be empty."`
	Team      string `json:"team" doc:"The short name of the team that looks after it; may be empty."`
	People    int    `json:"people" doc:"How many said so."`
	Recent    int    `json:"people_recently" doc:"Of these, within the last four weeks."`
	CreatedAt Time   `json:"created_at"`
	SaidAt    Time   `json:"said_at" doc:"When somebody said so last."`
	GoneAt    Time   `json:"gone_at"`
}

// Said is what a program says for the person of its token.
type Said struct {
	ID     int64  `json:"id" doc:"The papercut that it was counted for."`
	Text   string `json:"text" doc:"How it is called there, as far as this person may read it."`
	People int    `json:"people" doc:"How many of this person's organisation said so."`
	Joined bool   `json:"joined" doc:"Somebody had said the like before."`
}

// NewPapercut is a sentence about something small.
type NewPapercut struct {
	Text  string `json:"text,omitempty" maxLength:"1000" doc:"A sentence. What is like it is counted together." example:"The timesheet forgets my project every Monday"`
	Same  int64  `json:"same,omitempty" minimum:"1" doc:"In place of a sentence: the papercut that this person has too."`
	Place string `json:"place,omitempty" maxLength:"200" doc:"The page or program where they were." example:"/requests"`
}

type newPapercut struct {
	Once
	Body NewPapercut
}

func (s *server) sayPapercut(ctx context.Context, in *newPapercut) (*Created[Said], error) {
	return create(ctx, s, in.Once, nil, func(tx *db.Tx, a person.Actor) (out Said, err error) {
		who := papercut.Who{Person: a.ID}
		c, err := person.CircleOf(ctx, tx, a.ID)
		if err != nil {
			return out, err
		}
		var r papercut.Result
		if in.Body.Same != 0 {
			r, err = s.Papercuts.MeToo(ctx, tx, c, who, in.Body.Same, in.Body.Place)
		} else {
			r, err = s.Papercuts.Say(ctx, tx, who, papercut.Said{Text: in.Body.Text, How: papercut.ByAPI, Place: papercut.Clean(in.Body.Place)})
		}
		if err != nil {
			return out, err
		}
		shown, err := papercut.See(ctx, tx, c, who, r.ID)
		return Said{ID: r.ID, Text: shown.Text, People: shown.People, Joined: r.Joined && shown.People > 1}, err
	})
}

type listPapercuts struct {
	State  string `query:"state" enum:"open,handed_on,gone,stays" doc:"Empty is what is open or handed on."`
	Q      string `query:"q" doc:"Words, any of which is enough." example:"timesheet"`
	Cursor string `query:"cursor" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listPapercuts(ctx context.Context, in *listPapercuts) (*bodyOf[Page[Papercut]], error) {
	out := &bodyOf[Page[Papercut]]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) error {
		ask := papercut.Page{State: papercut.State(in.State), Query: in.Q, Size: in.Limit + 1}
		if in.Cursor != "" {
			recent, id, _ := strings.Cut(in.Cursor, "-")
			n, err := strconv.Atoi(recent)
			ask.After = papercut.Place{Recent: n}
			if ask.After.ID, _ = before(id); err != nil || ask.After.ID == 0 {
				_, err = before("-")
				return err
			}
		}
		rows, err := papercut.List(ctx, tx, a, ask)
		if err != nil {
			return err
		}
		if len(rows) > in.Limit {
			rows = rows[:in.Limit]
			last := rows[in.Limit-1]
			out.Body.Next = textOrNull(strconv.Itoa(last.Recent) + "-" + strconv.FormatInt(last.ID, 10))
		}
		teams, err := teamSlugs(ctx, tx, a)
		out.Body.Items = make([]Papercut, len(rows))
		for i, p := range rows {
			out.Body.Items[i] = papercutShown(p, teams)
		}
		return err
	})
}

func teamSlugs(ctx context.Context, tx *db.Tx, a person.Actor) (map[int64]string, error) {
	all, err := person.VisibleTeams(ctx, tx, a)
	out := make(map[int64]string, len(all))
	for _, t := range all {
		out[t.ID] = t.Slug
	}
	return out, err
}

func papercutShown(p papercut.Papercut, teams map[int64]string) Papercut {
	return Papercut{
		ID: p.ID, Title: p.Name(), State: string(p.State), Reason: p.Reason, Note: p.Note, Team: teams[p.TeamID], People: p.People, Recent: p.Recent,
		CreatedAt: Time(p.CreatedAt), SaidAt: Time(p.SaidAt), GoneAt: Time(p.GoneAt),
	}
}

// ByPapercut names one.
type ByPapercut struct {
	ID int64 `path:"id" minimum:"1" doc:"The id of the papercut."`
}

// PapercutChange is what staff say of one; what is not sent stays as it is.
type PapercutChange struct {
	Title  *string `json:"title,omitempty" doc:"Empty takes the title of its first sentence again."`
	Note   *string `json:"note,omitempty"`
	State  string  `json:"state,omitempty" enum:"open,handed_on,gone,stays" doc:"Whoever said so is told ten minutes after it is gone."`
	Reason string  `json:"reason,omitempty" doc:"With the states gone and stays; whoever said so reads it."`
}

type changePapercut struct {
	ByPapercut
	Body PapercutChange
}

func (s *server) showPapercut(ctx context.Context, in *ByPapercut) (*bodyOf[Papercut], error) {
	out := &bodyOf[Papercut]{}
	return out, s.read(ctx, func(tx *db.Tx, a person.Actor) (err error) {
		out.Body, err = onePapercut(ctx, tx, a, in.ID)
		return err
	})
}

func onePapercut(ctx context.Context, tx *db.Tx, a person.Actor, id int64) (Papercut, error) {
	p, err := papercut.Get(ctx, tx, a, id)
	if err != nil {
		return Papercut{}, err
	}
	teams, err := teamSlugs(ctx, tx, a)
	return papercutShown(p, teams), err
}

func (s *server) changePapercut(ctx context.Context, in *changePapercut) (*bodyOf[Papercut], error) {
	out := &bodyOf[Papercut]{}
	return out, s.write(ctx, func(tx *db.Tx, a person.Actor) error {
		if in.Body.Title != nil || in.Body.Note != nil {
			if _, err := s.Papercuts.Change(ctx, tx, a, in.ID, papercut.Change{Title: in.Body.Title, Note: in.Body.Note}); err != nil {
				return err
			}
		}
		if in.Body.State != "" {
			if _, err := s.Papercuts.SetState(ctx, tx, a, in.ID, papercut.State(in.Body.State), in.Body.Reason); err != nil {
				return err
			}
		}
		var err error
		out.Body, err = onePapercut(ctx, tx, a, in.ID)
		return err
	})
}
