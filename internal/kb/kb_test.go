package kb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

// stage is a desk with an agent, a lead, two organisations with somebody each, and a visitor.
type stage struct {
	*testing.T
	ctx                            context.Context
	db                             *db.DB
	now                            clock.Instant
	acme, moss                     int64
	amara, lead, hana, omar, alone person.Actor
}

func each(t *testing.T, test func(s *stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &stage{T: t, ctx: t.Context(), db: d, now: clock.From(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
		d.SetClock(func() clock.Instant { return s.now })
		s.write(func(tx *db.Tx) (err error) {
			for name, to := range map[string]*int64{"Acme": &s.acme, "Moss": &s.moss} {
				if *to, err = person.SaveOrganisation(s.ctx, tx, person.Organisation{Name: name, Domains: []string{strings.ToLower(name) + ".example"}}); err != nil {
					return err
				}
			}
			for _, p := range []struct {
				to      *person.Actor
				address string
				role    person.Role
			}{
				{&s.amara, "amara@desk.example", person.Agent},
				{&s.lead, "lena@desk.example", person.Lead},
				{&s.hana, "hana@acme.example", person.Requester},
				{&s.omar, "omar@moss.example", person.Requester},
				{&s.alone, "ada@elsewhere.example", person.Requester},
			} {
				made, err := person.Create(s.ctx, tx, person.New{Name: p.address, Role: p.role, Addresses: []string{p.address}})
				if err != nil {
					return err
				}
				if *p.to, err = person.ActorOf(s.ctx, tx, made.ID); err != nil {
					return err
				}
			}
			return nil
		})
		test(s)
	})
}

func (s *stage) write(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Write(s.ctx, fn); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) read(fn func(tx *db.Tx) error) {
	s.Helper()
	if err := s.db.Read(s.ctx, fn); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) make(n kb.New) (x kb.Article) {
	s.Helper()
	if n.Language == "" {
		n.Language = "en"
	}
	s.write(func(tx *db.Tx) (err error) {
		x, err = kb.Create(s.ctx, tx, s.amara, n)
		return err
	})
	return x
}

// found are the addresses of what somebody finds.
func (s *stage) found(a person.Actor, query string) (out []string) {
	s.Helper()
	s.read(func(tx *db.Tx) error {
		all, err := kb.Find(s.ctx, tx, a, "en", query, 10)
		for _, h := range all.Hits {
			out = append(out, h.Slug)
		}
		return err
	})
	return out
}

func (s *stage) open(a person.Actor, slug, language string) (p kb.Page, err error) {
	s.Helper()
	s.read(func(tx *db.Tx) error {
		p, err = kb.Read(s.ctx, tx, a, slug, language)
		return nil
	})
	return p, err
}

func TestFromDraftToReader(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Set up the VPN", Body: "1. Open *Settings*.\n2. Choose **VPN**."})
		if x.Slug != "set-up-the-vpn" || x.Published || x.OwnerID != s.amara.ID {
			s.Errorf("made: %+v", x)
		}
		if _, err := s.open(person.Nobody, x.Slug, "en"); !fault.Is(err, fault.KindNotFound) {
			s.Errorf("a draft is read: %v", err)
		}
		if got := s.found(person.Nobody, "vpn"); got != nil {
			s.Errorf("a draft is found: %v", got)
		}
		s.write(func(tx *db.Tx) error {
			_, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "en", Title: x.Slug, Body: "1. Open *Settings*.\n2. Choose **VPN**.", Was: 1})
			if err != nil {
				return err
			}
			_, err = kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "en", Title: "Set up the VPN", Body: "1. Open *Settings*.\n2. Choose **VPN**.", Was: 2, Publish: true})
			return err
		})
		p, err := s.open(person.Nobody, x.Slug, "de")
		if err != nil || p.Text.LiveTitle != "Set up the VPN" || !strings.Contains(p.HTML(), "<strong>VPN</strong>") {
			s.Errorf("read: %+v %v", p, err)
		}
		for _, words := range []string{"vpn", "VPN settings", "setting", "choosing", "set up the vnp"} {
			if got := s.found(person.Nobody, words); len(got) != 1 || got[0] != x.Slug {
				s.Errorf("%q finds %v", words, got)
			}
		}
		if got := s.found(person.Nobody, "printer"); got != nil {
			s.Errorf("printer finds %v", got)
		}
		s.write(func(tx *db.Tx) error { return kb.Withdraw(s.ctx, tx, s.amara, x.ID, "en") })
		if _, err := s.open(person.Nobody, x.Slug, "en"); !fault.Is(err, fault.KindNotFound) {
			s.Errorf("what was taken back is read: %v", err)
		}
		if got := s.found(s.amara, "vpn"); got != nil {
			s.Errorf("what was taken back is found: %v", got)
		}
	})
}

func TestLikeWords(t *testing.T) {
	each(t, func(s *stage) {
		s.make(kb.New{Title: "The printer prints half pages", Body: "Clean the glass strip below the lid.", Publish: true})
		s.make(kb.New{Title: "Set up the VPN at home", Body: "Open the settings of the network.", Publish: true})
		s.make(kb.New{Title: "Book a meeting room", Body: "Open the calendar. Add the room as a guest.", Publish: true})
		s.read(func(tx *db.Tx) error {
			all, err := kb.Like(s.ctx, tx, person.Nobody, "en", "hello, since this morning my printer only prints half of the page", 3)
			if err != nil || len(all) == 0 || all[0].Slug != "the-printer-prints-half-pages" {
				s.Errorf("like a printer: %+v %v", all, err)
			}
			all, err = kb.Like(s.ctx, tx, person.Nobody, "en", "the coffee is cold", 3)
			if err != nil || len(all) != 0 {
				s.Errorf("like coffee: %+v %v", all, err)
			}
			return nil
		})
	})
}

func TestTwoEditorsAtOnce(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One."})
		save := func(was int64, body string) (got kb.Text, err error) {
			s.write(func(tx *db.Tx) error {
				got, err = kb.Save(s.ctx, tx, s.lead, kb.Edit{ArticleID: x.ID, Language: "en", Title: "Printer", Body: body, Was: was})
				return nil
			})
			return got, err
		}
		if _, err := save(1, "Two."); err != nil {
			s.Fatal(err)
		}
		got, err := save(1, "Three.")
		if !fault.Is(err, fault.KindConflict) || got.Body != "Two." || got.Version != 2 {
			s.Errorf("the second editor: %+v %v", got, err)
		}
		if _, err := save(1, "Two."); err != nil {
			s.Errorf("the same form sent twice: %v", err)
		}
		if _, err := save(got.Version, "Three."); err != nil {
			s.Error(err)
		}
	})
}

func TestRenameLeadsOn(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One.", Publish: true})
		set := func(slug string) error {
			return s.db.Write(s.ctx, func(tx *db.Tx) (err error) {
				x, err = kb.ByID(s.ctx, tx, s.amara, x.ID)
				if err == nil {
					x, err = kb.Set(s.ctx, tx, s.amara, x.ID, kb.Settings{Slug: slug, Audience: x.Audience, OwnerID: x.OwnerID, ReviewDays: x.ReviewDays, Was: x.Version})
				}
				return err
			})
		}
		for _, slug := range []string{"printers", "all-printers", "printer"} {
			if err := set(slug); err != nil {
				s.Fatal(slug, err)
			}
		}
		for _, old := range []string{"printers", "all-printers", "printer"} {
			if p, err := s.open(person.Nobody, old, "en"); err != nil || p.Slug != "printer" {
				s.Errorf("%s leads to %q, %v", old, p.Slug, err)
			}
		}
		if y := s.make(kb.New{Title: "Printers", Body: "Two."}); y.Slug != "printers-2" {
			s.Errorf("another article took an address that leads on: %s", y.Slug)
		}
		if err := set("in"); !fault.Is(err, fault.KindInvalid) {
			s.Errorf("a reserved address: %v", err)
		}
	})
}
