package kb_test

import (
	"fmt"
	"slices"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

// TestOneRuleOfWhoMayRead asks, for every audience, published and not, and every kind of reader, each way in which an article can be
// met: all of them say what person.Can says.
func TestOneRuleOfWhoMayRead(t *testing.T) {
	each(t, func(s *stage) {
		audiences := []kb.New{
			{Audience: kb.Everybody},
			{Audience: kb.StaffOnly},
			{Audience: kb.SomeOrganisations, Organisations: []int64{s.acme}},
			{Audience: kb.SomeOrganisations, Organisations: []int64{s.moss}},
			{Audience: kb.SomeOrganisations, Organisations: []int64{s.acme, s.moss}},
		}
		readers := map[string]person.Actor{
			"nobody": person.Nobody, "of Acme": s.hana, "of Moss": s.omar, "of none": s.alone, "agent": s.amara, "lead": s.lead,
			"link holder of Acme": s.hana.ForTicket(7), "token of Acme": s.hana.Narrow(person.Requester, true),
		}
		var all []kb.Article
		for i, n := range audiences {
			for _, live := range []bool{true, false} {
				n.Title, n.Body, n.Publish = fmt.Sprintf("Quokka %d %v", i, live), "A quokka smiles.", live
				s.write(func(tx *db.Tx) error {
					section, err := kb.SaveSection(s.ctx, tx, s.lead, kb.Section{Name: n.Title})
					n.SectionID = section.ID
					return err
				})
				x := s.make(n)
				s.write(func(tx *db.Tx) error {
					_, err := kb.AddFile(s.ctx, tx, s.amara, x.ID, "a.png", "image/png", blob.Ref{SHA256: "00", Size: 1}, false)
					return err
				})
				all = append(all, x)
			}
		}
		s.holdsEqual(readers, all)
		// Who may read changes: the next look of everybody goes by it.
		for i := range all {
			to := audiences[(i/2+1)%len(audiences)]
			s.write(func(tx *db.Tx) (err error) {
				x := all[i]
				all[i], err = kb.Set(s.ctx, tx, s.amara, x.ID, kb.Settings{Slug: x.Slug, SectionID: x.SectionID, Audience: to.Audience, Organisations: to.Organisations, Was: x.Version})
				return err
			})
		}
		s.holdsEqual(readers, all)
	})
}

func (s *stage) holdsEqual(readers map[string]person.Actor, all []kb.Article) {
	s.Helper()
	for name, a := range readers {
		found := s.found(a, "quokka")
		var sections []kb.Section
		s.read(func(tx *db.Tx) (err error) {
			sections, err = kb.SectionsFor(s.ctx, tx, a)
			return err
		})
		for _, x := range all {
			want := person.Can(a, person.ReadArticle, x.Thing())
			var twin []int64
			var rows []kb.Row
			var file error
			s.read(func(tx *db.Tx) (err error) {
				args := db.Args{x.ID}
				if twin, err = db.All[int64](s.ctx, tx, `SELECT a.id FROM article a WHERE a.id = $1 AND `+person.Readable(a, &args), args...); err != nil {
					return err
				}
				_, file = kb.FileFor(s.ctx, tx, a, x.ID, "a.png")
				rows, err = kb.In(s.ctx, tx, a, "en", x.SectionID, 0, 10)
				return err
			})
			if got := len(twin) == 1; got != want {
				s.Errorf("%s, %s for %v %v: Readable says %v, Can %v", x.Slug, name, x.Audience, x.Organisations, got, want)
			}
			if got := file == nil; got != want {
				s.Errorf("%s, %s: its file is given: %v, want %v", x.Slug, name, got, want)
			}
			want = want && x.Published // staff edit drafts; they read them nowhere
			_, err := s.open(a, x.Slug, "en")
			if err != nil && !fault.Is(err, fault.KindNotFound) {
				s.Fatal(err)
			}
			for way, got := range map[string]bool{
				"read": err == nil, "found": slices.Contains(found, x.Slug), "listed": len(rows) == 1,
				"its section": slices.ContainsFunc(sections, func(o kb.Section) bool { return o.ID == x.SectionID }),
			} {
				if got != want {
					s.Errorf("%s, %s for %v %v: %s is %v, want %v", x.Slug, name, x.Audience, x.Organisations, way, got, want)
				}
			}
		}
	}
	s.read(func(tx *db.Tx) error {
		public, err := kb.Public(s.ctx, tx, 0, 1000)
		for _, x := range all {
			want := person.Can(person.Nobody, person.ReadArticle, x.Thing())
			if got := slices.ContainsFunc(public, func(r kb.Row) bool { return r.ID == x.ID }); got != want {
				s.Errorf("%s: in the sitemap %v, want %v", x.Slug, got, want)
			}
		}
		return err
	})
}

func TestASectionIsNotMovedBelowItself(t *testing.T) {
	each(t, func(s *stage) {
		save := func(n kb.Section) (got kb.Section, err error) {
			s.write(func(tx *db.Tx) error {
				got, err = kb.SaveSection(s.ctx, tx, s.lead, n)
				return nil
			})
			return got, err
		}
		must := func(n kb.Section) kb.Section {
			s.Helper()
			got, err := save(n)
			if err != nil {
				s.Fatal(err)
			}
			return got
		}
		top := must(kb.Section{Name: "Devices"})
		mid := must(kb.Section{Name: "Printers", ParentID: top.ID})
		low := must(kb.Section{Name: "Toner", ParentID: mid.ID})
		other := must(kb.Section{Name: "Accounts"})
		for _, to := range []int64{top.ID, mid.ID, low.ID} {
			moved := top
			moved.ParentID = to
			if _, err := save(moved); !fault.Is(err, fault.KindInvalid) {
				s.Errorf("Devices lies in %d: %v", to, err)
			}
		}
		mid.ParentID = other.ID
		must(mid)
		s.read(func(tx *db.Tx) error {
			all, err := kb.Sections(s.ctx, tx)
			var names []string
			for _, x := range all {
				names = append(names, fmt.Sprint(x.Depth, x.Name))
			}
			if want := []string{"0Devices", "0Accounts", "1Printers", "2Toner"}; !slices.Equal(names, want) {
				s.Errorf("the tree is %v, want %v", names, want)
			}
			return err
		})
		if _, err := save(mid); !fault.Is(err, fault.KindInvalid) { // from a form that was open meanwhile
			s.Errorf("an old form: %v", err)
		}
		s.write(func(tx *db.Tx) error { return kb.MoveSection(s.ctx, tx, s.lead, other.ID, true) })
		s.write(func(tx *db.Tx) error { return kb.RemoveSection(s.ctx, tx, s.lead, mid.ID) })
		s.read(func(tx *db.Tx) error {
			all, err := kb.Sections(s.ctx, tx)
			if len(all) != 3 || all[0].ID != other.ID || all[1].ID != low.ID || all[1].ParentID != other.ID {
				s.Errorf("after moving and removing: %+v", all)
			}
			return err
		})
		parent := int64(0)
		for i := range 8 {
			got, err := save(kb.Section{Name: fmt.Sprint("Level ", i), ParentID: parent})
			if (err == nil) != (i < 6) {
				s.Errorf("level %d: %v", i, err)
			}
			parent = got.ID
			if err != nil {
				break
			}
		}
	})
}
