package service_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
	"goodturn/internal/service"
	"goodturn/internal/ticket"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// fields are the fields of a fault, in order.
func fields(err error) (out []string) {
	f, ok := fault.Of(err)
	if err != nil && !ok {
		panic(err)
	}
	if ok {
		for _, x := range f.Fields {
			out = append(out, x.Name)
		}
	}
	return out
}

func TestCheckFindsWhatCanNeverBeAsked(t *testing.T) {
	yesNo := service.Question{Key: "1", Label: "Is it yours?", Kind: service.YesNo}
	for name, c := range map[string]struct {
		all  []service.Question
		want string
	}{
		"all good":                 {[]service.Question{yesNo, {Key: "2", Label: "Whose?", Kind: service.Short, If: "1", Is: "no"}}, ""},
		"no words":                 {[]service.Question{{Key: "1", Kind: service.Short}}, "q0.label"},
		"an unknown kind":          {[]service.Question{{Key: "1", Label: "What?", Kind: "colour"}}, "q0.kind"},
		"two of one name":          {[]service.Question{yesNo, {Key: "2", Label: "is it YOURS?", Kind: service.Short}}, "q1.label"},
		"one choice":               {[]service.Question{{Key: "1", Label: "Which?", Kind: service.One, Choices: []string{"this"}}}, "q0.choices"},
		"a choice twice":           {[]service.Question{{Key: "1", Label: "Which?", Kind: service.Several, Choices: []string{"this", "that", "this"}}}, "q0.choices"},
		"waits for one gone":       {[]service.Question{yesNo, {Key: "2", Label: "Whose?", Kind: service.Short, If: "7", Is: "no"}}, "q1.if"},
		"waits for an answer gone": {[]service.Question{yesNo, {Key: "2", Label: "Whose?", Kind: service.Short, If: "1", Is: "perhaps"}}, "q1.if"},
		"waits for free text":      {[]service.Question{{Key: "1", Label: "Who?", Kind: service.Short}, {Key: "2", Label: "Whose?", Kind: service.Short, If: "1", Is: "me"}}, "q1.if"},
		"waits for itself":         {[]service.Question{{Key: "1", Label: "Is it?", Kind: service.YesNo, If: "1", Is: "yes"}}, "q0.if"},
		"a circle": {[]service.Question{
			{Key: "1", Label: "A?", Kind: service.YesNo, If: "3", Is: "yes"},
			{Key: "2", Label: "B?", Kind: service.YesNo, If: "1", Is: "no"},
			{Key: "3", Label: "C?", Kind: service.YesNo, If: "2", Is: "yes"},
			{Key: "4", Label: "D?", Kind: service.YesNo, If: "1", Is: "yes"},
		}, "q0.if q1.if q2.if"},
	} {
		if got := strings.Join(fields(service.Check(c.all)), " "); got != c.want {
			t.Errorf("%s: wrong is %q, want %q", name, got, c.want)
		}
	}
}

func TestReadChecksAnswersByTheirKind(t *testing.T) {
	for _, c := range []struct {
		kind service.Kind
		said []string
		want string // the value that is kept, "!" for wrong
	}{
		{service.Short, []string{" a  b "}, "a b"},
		{service.Short, []string{strings.Repeat("x", 301)}, "!"},
		{service.Long, []string{"a\nb"}, "a\nb"},
		{service.One, []string{"red"}, "red"},
		{service.One, []string{"Red"}, "!"},
		{service.Several, []string{"blue", "red"}, "red\nblue"},
		{service.Several, []string{"blue", "mauve"}, "!"},
		{service.YesNo, []string{"yes"}, "yes"},
		{service.YesNo, []string{"maybe"}, "!"},
		{service.Date, []string{"2026-11-30"}, "2026-11-30"},
		{service.Date, []string{"30.11.2026"}, "2026-11-30"},
		{service.Date, []string{"2026-02-30"}, "!"},
		{service.Date, []string{"0001-01-01"}, "!"},
		{service.Number, []string{"3,50"}, "3.50"},
		{service.Number, []string{"-12"}, "-12"},
		{service.Number, []string{"1e9"}, "!"},
		{service.Number, []string{"1.000.000"}, "!"},
		{service.Address, []string{"Hana@Example.com"}, "hana@example.com"},
		{service.Address, []string{"hana at home"}, "!"},
	} {
		f := service.Form{Questions: []service.Question{{Key: "1", Label: "?", Kind: c.kind, Choices: []string{"red", "blue"}}}}
		facts, err := f.Read(func(name string) []string { return url.Values{"q.1": c.said}[name] })
		got := "!"
		if len(fields(err)) == 0 && len(facts) == 1 {
			got = facts[0].Value
		}
		if got != c.want {
			t.Errorf("%s %q is kept as %q (%v), want %q", c.kind, c.said, got, err, c.want)
		}
	}
}

func TestReadAsksOnlyWhatItsConditionsLet(t *testing.T) {
	f := service.Form{Questions: []service.Question{
		{Key: "1", Label: "Is it broken?", Kind: service.YesNo, Required: true},
		{Key: "2", Label: "What broke?", Kind: service.Several, Choices: []string{"screen", "lid"}, Required: true, If: "1", Is: "yes"},
		{Key: "3", Label: "Which part of the screen?", Kind: service.Short, Required: true, If: "2", Is: "screen"},
	}}
	for _, c := range []struct {
		typed       string
		keys, wrong string
	}{
		{"", "", "q.1"},
		{"q.1=no", "1", ""},
		{"q.1=no&q.2=screen&q.3=left", "1", ""}, // typed before it was ruled out
		{"q.1=yes", "1", "q.2"},
		{"q.1=yes&q.2=lid", "1 2", ""},
		{"q.1=yes&q.2=lid&q.2=screen", "1 2", "q.3"},
		{"q.1=yes&q.2=screen&q.3=left", "1 2 3", ""},
		{"q.3=left&q.2=screen", "", "q.1"},
	} {
		typed := must(url.ParseQuery(c.typed))
		facts, err := f.Read(func(name string) []string { return typed[name] })
		var keys []string
		for _, x := range facts {
			keys = append(keys, x.Key)
		}
		if got := strings.Join(keys, " "); got != c.keys || strings.Join(fields(err), " ") != c.wrong {
			t.Errorf("%s: answers %q, wrong %v; want %q and %q", c.typed, got, fields(err), c.keys, c.wrong)
		}
	}
}

func TestSaveKeepsVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		var s service.Service
		write(func(tx *db.Tx) (err error) {
			s, err = service.Save(ctx, tx, person.System, service.Service{Name: "Neuer Laptop für alle", Words: "laptop, notebook\nrechner", Tags: "#Hardware new"}, []service.Question{{Label: "Old words?", Kind: service.Short}})
			return err
		})
		if s.Slug != "neuer-laptop-fur-alle" || s.Words != "laptop\nnotebook\nrechner" || s.Tags != "hardware new" || s.Form != 1 || s.Version != 1 {
			t.Fatalf("stored %+v", s)
		}
		shown := s.Form
		write(func(tx *db.Tx) error {
			again := must(service.Save(ctx, tx, person.System, s, must(service.FormOf(ctx, tx, s, 0)).Questions))
			if again.Form != 1 || again.Version != 2 {
				t.Errorf("the same questions are version %d of %+v", again.Form, again)
			}
			all := must(service.FormOf(ctx, tx, again, 0)).Questions
			all = append([]service.Question{{Label: "New words?", Kind: service.Short, Required: true}}, all[1:]...)
			s = must(service.Save(ctx, tx, person.System, again, all))
			return nil
		})
		write(func(tx *db.Tx) error {
			now, then := must(service.FormOf(ctx, tx, s, 0)), must(service.FormOf(ctx, tx, s, shown))
			if now.Version != 2 || now.Questions[0].Label != "New words?" || now.Questions[0].Key == then.Questions[0].Key {
				t.Errorf("now it asks %+v", now)
			}
			if then.Version != 1 || then.Questions[0].Label != "Old words?" {
				t.Errorf("who was shown version 1 is asked %+v", then)
			}
			tx.Now = tx.Now.Add(25 * time.Hour)
			if late := must(service.FormOf(ctx, tx, s, shown)); late.Version != 2 {
				t.Errorf("a day later version %d counts", late.Version)
			}
			if none := must(service.FormOf(ctx, tx, s, 99)); none.Version != 2 {
				t.Errorf("a version that never was gives %d", none.Version)
			}
			return nil
		})
		stale := s
		stale.Version = 1
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := service.Save(ctx, tx, person.System, stale, nil)
			return err
		})
		if !slices.Equal(fields(err), []string{"version"}) {
			t.Errorf("saving over somebody else's change gives %v", err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := service.Save(ctx, tx, person.System, service.Service{Name: "neuer laptop FÜR alle", TeamID: 99, Kind: "odd", Priority: "odd", Tags: "a/b"}, []service.Question{{Kind: service.Short}})
			return err
		})
		if got := strings.Join(fields(err), " "); got != "slug name team kind priority tags q0.label" {
			t.Errorf("wrong is %q", got)
		}
	})
}

func TestLike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, s := range []service.Service{
				{Name: "New laptop", Words: "laptop\nnew computer", Shown: true},
				{Name: "Work from home", Words: "vpn\nhome office", Shown: true},
				{Name: "Secret", Words: "vpn"},
			} {
				must(service.Save(ctx, tx, person.System, s, nil))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]string{
			"":                        "",
			"my VPN does not connect": "Work from home",
			"I work at the home office with a laptop ": "Work from home|New laptop",
			"two laptops please":                       "New laptop",
			"my lapt":                                  "New laptop",
			"a new phone":                              "",
			"computers new and old":                    "New laptop",
			"'; DROP TABLE service; -- % _ \" * (":     "",
		} {
			_ = d.Read(ctx, func(tx *db.Tx) error {
				var got []string
				for _, s := range must(service.Like(ctx, tx, typed, 3)) {
					got = append(got, s.Name)
				}
				if strings.Join(got, "|") != want {
					t.Errorf("%q may mean %v, want %q", typed, got, want)
				}
				return nil
			})
		}
	})
}

func TestGiveAndRemove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		desk := &ticket.Desk{}
		var s service.Service
		err := d.Write(ctx, func(tx *db.Tx) error {
			team := must(person.SaveTeam(ctx, tx, person.Team{Slug: "hardware", Name: "Hardware"}))
			s = must(service.Save(ctx, tx, person.System, service.Service{Name: "New laptop", TeamID: team, Kind: ticket.Request, Priority: ticket.High, Tags: "laptop"}, []service.Question{{Label: "For whom?", Kind: service.Short}}))
			hana := must(person.Create(ctx, tx, person.New{Name: "Hana", Role: person.Requester}))
			n := ticket.New{Requester: hana.ID, Channel: ticket.ByForm}
			s.Give(&n, []ticket.Fact{{Source: service.Source, Key: "1", Label: "For whom?", Value: "Ben"}})
			made := must(desk.Create(ctx, tx, ticket.By{Actor: person.System}, n))
			if made.ServiceID != s.ID || made.TeamID != team || made.Kind != ticket.Request || made.Priority != ticket.High || made.Subject != "New laptop" {
				t.Errorf("made %+v", made)
			}
			for filter, want := range map[string]int{"service:new-laptop": 1, `service:"new LAPTOP"`: 1, "service:none": 0, "service:any": 1, "-service:new-laptop": 0, "ben": 1} {
				if rows := must(ticket.List(ctx, tx, person.System, person.SeeTicket, ticket.Page{Filter: filter})); len(rows.Items) != want {
					t.Errorf("%s finds %d", filter, len(rows.Items))
				}
			}
			if err := ticket.CheckFilter(ctx, tx, person.System, "service:nowhere"); err == nil {
				t.Error("a service that there is not is no fault")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return service.Remove(ctx, tx, s.ID) }); !fault.Is(err, fault.KindConflict) {
			t.Errorf("removing what a ticket was made with gives %v", err)
		}
	})
}

func FuzzRead(f *testing.F) {
	form := service.Form{Questions: []service.Question{
		{Key: "1", Label: "a", Kind: service.Number},
		{Key: "2", Label: "b", Kind: service.Date},
		{Key: "3", Label: "c", Kind: service.Address},
		{Key: "4", Label: "d", Kind: service.Several, Choices: []string{"x", "y"}},
		{Key: "5", Label: "e", Kind: service.YesNo, If: "4", Is: "x"},
		{Key: "6", Label: "f", Kind: service.Short},
	}}
	f.Add("q.1=3,5&q.2=2026-01-01&q.4=x&q.5=yes")
	f.Fuzz(func(t *testing.T, query string) {
		typed, _ := url.ParseQuery(query)
		facts, err := form.Read(func(name string) []string { return typed[name] })
		if _, ok := fault.Of(err); err != nil && !ok {
			t.Fatal(err)
		}
		for _, x := range facts {
			if x.Value == "" || x.Label == "" || x.Source != service.Source {
				t.Errorf("kept %+v", x)
			}
		}
	})
}
