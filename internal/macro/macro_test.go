package macro_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/macro"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestMacrosBelongToSomebody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			payroll := must(person.SaveTeam(ctx, tx, person.Team{Slug: "payroll", Name: "Payroll", Private: true}))
			actors := map[string]person.Actor{}
			for name, role := range map[string]person.Role{"Amara": person.Agent, "Jonas": person.Agent, "Priya": person.Lead} {
				p := must(person.Create(ctx, tx, person.New{Name: name, Role: role, Addresses: []string{name + "@example.org"}}))
				if name == "Jonas" {
					if err := person.SetMembers(ctx, tx, payroll, []int64{p.ID}); err != nil {
						return err
					}
				}
				actors[name] = must(person.ActorOf(ctx, tx, p.ID))
			}
			text := map[string]string{"en": "Hello"}
			own := must(macro.Save(ctx, tx, actors["Amara"], macro.Macro{Name: "Mine", Scope: macro.Own, Texts: text}))
			shared := must(macro.Save(ctx, tx, actors["Priya"], macro.Macro{Name: "Shared", Scope: macro.All, Texts: text}))
			if _, err := macro.Save(ctx, tx, actors["Priya"], macro.Macro{Name: "Secret", Scope: macro.Team, TeamID: payroll, Texts: text}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("a lead shares with a private team that they do not belong to: %v", err)
			}
			if _, err := macro.Save(ctx, tx, actors["Amara"], macro.Macro{Name: "Pushy", Scope: macro.All, Texts: text}); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("an agent shares: %v", err)
			}
			if _, err := macro.Save(ctx, tx, actors["Amara"], macro.Macro{ID: shared, Name: "Changed", Scope: macro.Own, Texts: text}); !fault.Is(err, fault.KindDenied) {
				t.Errorf("an agent takes what is shared: %v", err)
			}
			if _, err := macro.Get(ctx, tx, actors["Jonas"], own); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("somebody else's own: %v", err)
			}
			if err := macro.Remove(ctx, tx, actors["Jonas"], shared); !fault.Is(err, fault.KindDenied) {
				t.Errorf("an agent removes what is shared: %v", err)
			}
			if err := macro.Remove(ctx, tx, actors["Amara"], own); err != nil {
				return err
			}
			if all := must(macro.List(ctx, tx, actors["Amara"])); len(all) != 1 || all[0].Texts["en"] != "Hello" {
				t.Errorf("she may use %+v", all)
			}
			if err := macro.Restore(ctx, tx, actors["Amara"], own); err != nil {
				return err
			}
			_, err := macro.Get(ctx, tx, actors["Amara"], own)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestVariablesAreFilled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Write(ctx, func(tx *db.Tx) error {
			team := must(person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"}))
			hana := must(person.Create(ctx, tx, person.New{Name: "Hana *Sato*", Addresses: []string{"hana@example.com"}, Role: person.Requester}))
			amara := must(person.Create(ctx, tx, person.New{Name: "Amara Okafor", Addresses: []string{"amara@example.org"}, Role: person.Agent, Language: "en"}))
			actor := must(person.ActorOf(ctx, tx, amara.ID))
			desk := &ticket.Desk{}
			made := must(desk.Create(ctx, tx, ticket.By{Actor: person.Actor{ID: hana.ID, Role: person.Requester}}, ticket.New{
				Requester: hana.ID, Team: team, Message: ticket.Draft{Text: "Guten Tag, mein Drucker druckt seit heute nicht mehr. Können Sie bitte helfen? Ich muss die Rechnungen noch drucken."},
			}))
			m := macro.Macro{Name: "x", Scope: macro.Own, Texts: map[string]string{
				"en": "{{greeting}} {{requester.first_name}}",
				"de": "Hallo **{{ requester.name }}**, zu {{ticket.number}} bei {{organisation}}, {{agent.first_name}}",
			}}
			f := must(macro.NewFiller(ctx, tx, actor, made, time.UTC)).Fill(ctx, m)
			if f.Language != "de" || f.Text != "Hallo **Hana *Sato***, zu #1001 bei {{organisation}}, Amara" || len(f.Missing) != 1 || f.Missing[0] != "{{organisation}}" {
				t.Errorf("filled as %+v", f)
			}
			if f.HTML != "<div>Hallo <strong>Hana *Sato*</strong>, zu #1001 bei {{organisation}}, Amara</div>" {
				t.Errorf("what somebody calls themselves got a form: %s", f.HTML)
			}
			if u := macro.Unfilled(f.Text + " {{jinja}}"); len(u) != 1 {
				t.Errorf("unfilled are %v", u)
			}
			for text, want := range map[string]string{
				"{{requester.firstname}}": "There is no variable {{requester.firstname}}. Did you mean {{requester.first_name}}?",
				"{{shoe size}}":           "There is no variable {{shoe size}}. There are: greeting,",
				"{{greeting":              "A {{ is not closed with }}.",
			} {
				_, err := macro.Save(ctx, tx, actor, macro.Macro{Name: "x", Scope: macro.Own, Texts: map[string]string{"en": text}})
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%q: %v", text, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRisk(t *testing.T) {
	for text, want := range map[string]bool{
		"We will reinstall your laptop": true, "Wir setzen das Gerät zurück": false, "Der Rechner wird neu aufgesetzt": true, "Please restart it": false, "This information": false,
		"We wipe it": true, "swiping left": false, "Wir müssen das Profil löschen": true,
	} {
		m := macro.Macro{Texts: map[string]string{"en": text}, Risk: macro.ByWords}
		if m.Risky() != want {
			t.Errorf("%q: risky is %v", text, m.Risky())
		}
		if m.Risk = macro.No; m.Risky() {
			t.Error("what the author said does not count")
		}
	}
}

func TestFind(t *testing.T) {
	all := []macro.Macro{
		{ID: 1, Name: "Restart the router", Texts: map[string]string{"en": "Please pull the plug of the VPN box"}},
		{ID: 2, Name: "VPN certificate", Shortcut: "cert"},
		{ID: 3, Name: "Offboarding", Shortcut: "vpn", Used: 3},
	}
	for query, want := range map[string]string{"/vpn": "3 2 1", "vpn cert": "2", "plug": "1", "": "3 1 2", "xyz": ""} {
		var got []string
		for _, m := range macro.Find(all, query) {
			got = append(got, string(rune('0'+m.ID)))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, want %s", query, got, want)
		}
	}
}

func FuzzMarkdownMakesOnlyItsOwnElements(f *testing.F) {
	f.Add("**a** <b> [x](https://e) - c\n- d\n1. `e`")
	f.Add("[a](https://e\"onclick=x) [b](javascript:x)")
	ours := map[string]bool{"div": true, "br": true, "ul": true, "ol": true, "li": true, "strong": true, "em": true, "code": true, "a": true}
	f.Fuzz(func(t *testing.T, text string) {
		z := html.NewTokenizer(strings.NewReader(macro.Markdown(text)))
		for z.Next() != html.ErrorToken {
			token := z.Token()
			if token.Type == html.TextToken {
				continue
			}
			if !ours[token.Data] {
				t.Errorf("%q made <%s>", text, token.Data)
			}
			for _, a := range token.Attr {
				if token.Data != "a" || a.Key != "href" || !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Errorf("%q made %s=%q", text, a.Key, a.Val)
				}
			}
		}
	})
}
