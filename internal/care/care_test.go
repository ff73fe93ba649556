package care_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/care"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

// stage is a desk with two agents and a requester.
type stage struct {
	t                  *testing.T
	ctx                context.Context
	db                 *db.DB
	now                clock.Instant
	desk               *ticket.Desk
	keeper             *care.Keeper
	team               int64
	amara, jonas, hana person.Actor
	warned             []string
	held               []int64
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{t: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		d.SetClock(func() clock.Instant { return s.now })
		s.keeper = &care.Keeper{
			Warn: func(_ context.Context, _ *db.Tx, _ ticket.Ticket, words string) error {
				s.warned = append(s.warned, words)
				return nil
			},
			Hold: func(_ context.Context, _ *db.Tx, id int64, d time.Duration) error {
				if d == care.Pause {
					s.held = append(s.held, id)
				}
				return nil
			},
		}
		s.desk = &ticket.Desk{Later: []ticket.Hook{s.keeper.Hook()}}
		s.write(func(tx *db.Tx) (err error) {
			if s.team, err = person.SaveTeam(s.ctx, tx, person.Team{Slug: "desk", Name: "Desk"}); err != nil {
				return err
			}
			for name, to := range map[string]*person.Actor{"Amara": &s.amara, "Jonas": &s.jonas, "Hana": &s.hana} {
				role := person.Agent
				if to == &s.hana {
					role = person.Requester
				}
				p, err := person.Create(s.ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@example.com"}})
				if err != nil {
					return err
				}
				if *to, err = person.ActorOf(s.ctx, tx, p.ID); err != nil {
					return err
				}
			}
			return nil
		})
		test(s)
	})
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.db.Write(s.ctx, fn); err != nil {
		s.t.Fatal(err)
	}
}

// asks makes a ticket with that text; to has it.
func (s *stage) asks(text string, to person.Actor) (t ticket.Ticket) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		made, err := s.desk.Create(s.ctx, tx, ticket.By{Actor: s.hana}, ticket.New{Subject: "Printer", Requester: s.hana.ID, Team: s.team, Message: ticket.Draft{Text: text}})
		if err == nil && to.ID != 0 {
			err = s.desk.Assign(s.ctx, tx, ticket.By{Actor: to}, made.ID, to.ID)
		}
		if err != nil {
			return err
		}
		t, err = ticket.Get(s.ctx, tx, person.System, person.SeeTicket, made.ID)
		return err
	})
	return t
}

func (s *stage) spared(t ticket.Ticket) (rest []int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		rest, err = s.keeper.Spare(s.ctx, tx, t, []int64{s.amara.ID, s.jonas.ID})
		return err
	})
	return rest
}

func (s *stage) suggests(a person.Actor) (yes bool) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		yes, err = care.SuggestsPause(s.ctx, tx, a)
		return err
	})
	return yes
}

const rude = "You fucking idiots, it is broken again."

func TestTheNextHardOneGoesToSomebodyElse(t *testing.T) {
	each(t, func(s *stage) {
		both, free := []int64{s.amara.ID, s.jonas.ID}, person.Actor{}
		s.asks("It prints half pages.", s.amara)
		if got := s.spared(s.asks(rude, free)); !slices.Equal(got, both) {
			t.Errorf("nobody had one: %v", got)
		}
		had := s.asks(rude, s.amara)
		if got := s.spared(s.asks(rude, free)); !slices.Equal(got, []int64{s.jonas.ID}) {
			t.Errorf("Amara just had one: %v", got)
		}
		if got := s.spared(s.asks("It prints half pages.", free)); !slices.Equal(got, both) {
			t.Errorf("this one is not hard: %v", got)
		}
		if got := s.spared(had); !slices.Equal(got, both) {
			t.Errorf("it is her own: %v", got)
		}
		s.asks(rude, s.jonas)
		if got := s.spared(s.asks(rude, free)); !slices.Equal(got, both) {
			t.Errorf("both had one: %v", got)
		}
		s.now = s.now.Add(25 * time.Hour)
		if got := s.spared(s.asks(rude, free)); !slices.Equal(got, both) {
			t.Errorf("a day later: %v", got)
		}
		s.asks(rude, s.amara)
		s.write(func(tx *db.Tx) error { return care.Setting{NoSpread: true}.Save(s.ctx, tx) })
		if got := s.spared(s.asks(rude, free)); !slices.Equal(got, both) {
			t.Errorf("switched off: %v", got)
		}
	})
}

func TestWhatIsOpenedAgainAndAgainIsHard(t *testing.T) {
	each(t, func(s *stage) {
		x := s.asks("It prints half pages.", s.amara)
		for i := range 3 {
			s.write(func(tx *db.Tx) error {
				if hard, err := care.Hard(s.ctx, tx, x); err != nil || hard {
					t.Errorf("after %d: %v %v", i, hard, err)
				}
				if err := s.desk.Solve(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID); err != nil {
					return err
				}
				_, err := s.desk.Answer(s.ctx, tx, ticket.By{Actor: s.hana}, x.ID, ticket.Draft{Text: "It is back."})
				return err
			})
		}
		s.write(func(tx *db.Tx) error {
			hard, err := care.Hard(s.ctx, tx, x)
			if !hard {
				t.Error("three times, and it is not hard")
			}
			return err
		})
	})
}

func TestAPauseIsSuggestedAfterARunToThemAlone(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 3 {
			if s.suggests(s.amara) {
				t.Errorf("after %d", i)
			}
			s.asks(rude, s.amara)
		}
		if !s.suggests(s.amara) || s.suggests(s.jonas) || s.suggests(s.hana) || s.suggests(person.System) {
			t.Error("it is suggested to the wrong people")
		}
		s.write(func(tx *db.Tx) error { return s.keeper.Answer(s.ctx, tx, s.amara, true) })
		if s.suggests(s.amara) || !slices.Equal(s.held, []int64{s.amara.ID}) {
			t.Errorf("after taking it: held %v", s.held)
		}
		s.asks(rude, s.amara)
		if s.suggests(s.amara) {
			t.Error("asked again after one more")
		}
		for range 3 {
			s.asks(rude, s.jonas)
			s.now = s.now.Add(3 * time.Hour)
		}
		if s.suggests(s.jonas) {
			t.Error("three in nine hours are no run")
		}
		s.write(func(tx *db.Tx) error { return s.keeper.Answer(s.ctx, tx, s.jonas, false) })
		if len(s.held) != 1 {
			t.Errorf("held: %v", s.held)
		}
		s.now = s.now.Add(8 * 24 * time.Hour)
		s.write(func(tx *db.Tx) error {
			if err := care.Sweep(s.ctx, tx); err != nil {
				return err
			}
			if left, err := db.Exists(s.ctx, tx, `SELECT 1 FROM care_turn`); err != nil || left {
				t.Errorf("something is kept longer than a week: %v", err)
			}
			return nil
		})
	})
}

func TestThreatsAreToldOnceTheyCome(t *testing.T) {
	each(t, func(s *stage) {
		x := s.asks("Fix it or I will kill you.", person.Actor{})
		s.write(func(tx *db.Tx) error {
			if _, err := s.desk.Reply(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, ticket.Draft{Text: "You wrote: I will kill you."}, ""); err != nil {
				return err
			}
			return s.desk.Assign(s.ctx, tx, ticket.By{Actor: s.amara}, x.ID, s.jonas.ID)
		})
		if !slices.Equal(s.warned, []string{"Fix it or I will kill you."}) {
			t.Errorf("told: %q", s.warned)
		}
		s.write(func(tx *db.Tx) error { return care.Setting{NoThreat: true}.Save(s.ctx, tx) })
		s.asks("I will kill you.", person.Actor{})
		if len(s.warned) != 1 {
			t.Errorf("switched off, and told: %q", s.warned)
		}
	})
}

// TestNobodyElseReadsWhoHadHardOnes looks through the program: no text of SQL but this package's names the table, and none of this package
// counts or groups what is in it.
func TestNobodyElseReadsWhoHadHardOnes(t *testing.T) {
	read := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || !strings.Contains(strings.ToLower(lit.Value), "care_turn") {
				return true
			}
			read++
			if filepath.Base(filepath.Dir(path)) != "care" {
				t.Errorf("%s knows who had hard tickets: %s", path, lit.Value)
			}
			for _, adds := range []string{"count(", "sum(", "group by"} {
				if strings.Contains(strings.ToLower(lit.Value), adds) {
					t.Errorf("%s makes a figure of it: %s", path, lit.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || read < 4 {
		t.Fatalf("only %d texts were looked at: %v", read, err)
	}
}
