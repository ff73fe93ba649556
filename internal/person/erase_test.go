package person_test

import (
	"context"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/person"
)

// remains are the columns that go on to name somebody who was erased, by then a row without a name, with the reason.
var remains = map[string]string{
	"article_answer.person_id": "what they answered helps the desk", "article_answer.settled_by": "that it was settled", "article_text.by_id": "the article is the desk's", "article_version.by_id": "the article is the desk's",
	"absence.by_id": "the absence is another's", "audit.person_id": "the record says that somebody did it", "bulk.person_id": "what was changed can be seen for thirty days", "chat_hook.made_by": "it is the team's", "chat_line.by_id": "the chat is the ticket's",
	"delivery.person_id": "the mails of a ticket go with the ticket", "draft.editor_id": "the draft is another's", "event.person_id": "the ticket's history goes with the ticket", "fix_note.author_id": "the note is the desk's", "fix_note_version.author_id": "the note is the desk's",
	"held_reply.author_id": "it goes out within seconds", "held_reply.sender_id": "it goes out within seconds", "line_ahead.by_id": "why somebody was moved ahead stays told", "line_wait.by_id": "it is the ticket's", "live_chat.agent_id": "a chat that goes on",
	"macro.owner_id": "what is for the team is the team's; their own are swept", "message.author_id": "the message goes with the ticket", "outage.by_id": "the outage is the desk's", "outage_update.by_id": "the outage is the desk's", "papercut_event.by_id": "it is the desk's",
	"papercut_handing.by_id": "it is the desk's", "papercut_tracker.made_by": "it is the desk's", "person.merged_into": "who became part of them is erased with them", "person_merge.by_id": "that it was merged", "person_merge.gone_id": "what it moved is forgotten", "person_merge.kept_id": "what it moved is forgotten",
	"person_note.changed_by": "the note is about another", "rota_proposal.person_id": "it is the team's, and swept", "rule.owner_id": "it is the desk's", "rule_version.by_id": "it is the desk's", "saved_view.owner_id": "what is shared is used by others; their own are gone",
	"sender_trust.by_id": "the sender stays blocked", "service_form.person_id": "it is the desk's", "shift.person_id": "what is over took place; what lies ahead is opened", "shift.for_id": "what is over took place", "shift_cover.asker_id": "what is over took place",
	"shift_cover.taker_id": "what is over took place", "shift_swap.asker_id": "what is over took place", "shift_swap.other_id": "what is over took place", "sla_policy_version.by_id": "it is the desk's", "stint.person_id": "what it brought is the desk's; what lay ahead is called off",
	"stint.mentor_id": "the stint is another's", "stint_excuse.by_id": "it is another's", "stint_approval.by_id": "the draft is another's", "stint_sign_off.by_id": "it is another's", "suggestion.by_id": "it is the ticket's", "ticket.requester_id": "the ticket is deleted by itself", "ticket_merge.by_id": "it is the ticket's",
}

// features are the columns that a feature looks after when somebody is erased (app.erase).
var features = map[string]string{
	"card.from_id": "thanks.Erase", "card.to_id": "thanks.Erase", "care_turn.person_id": "care.Erase", "draft.person_id": "draft.Erase", "draft_copy.editor_id": "draft.Erase", "whisper.from_id": "stint.Erase", "whisper.mentor_id": "stint.Erase", "ticket.assignee_id": "app.eraseWork, for open ones",
}

// TestErasingLeavesNoTrace reads the store: for each column that names a person it makes a row of somebody, and erases them. What still names them and is not said to remain
// is forgotten.
func TestErasingLeavesNoTrace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Loose(t, d, func(tx *db.Tx) {
			made := map[string]int64{}
			for _, name := range []string{"gone", "third"} {
				p, err := person.Create(t.Context(), tx, person.New{Name: name, Role: person.Agent, Zone: "Europe/Berlin", Addresses: []string{name + "@desk.example"}})
				if err != nil {
					t.Fatal(err)
				}
				made[name] = p.ID
			}
			all := dbtest.Referring(t, tx, "person")
			fillEach(t, tx, all, made["gone"], made["third"])
			var asked []int64
			feature := func(_ context.Context, _ *db.Tx, id int64) error { asked = append(asked, id); return nil }
			admin := person.Actor{ID: made["third"], Name: "third", Role: person.Administrator}
			if err := person.Erase(t.Context(), tx, admin, made["gone"], "Somebody", "192.0.2.7", feature); err != nil {
				t.Fatal(err)
			}
			for _, c := range all {
				name := c.Table + "." + c.Column
				n, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM `+c.Table+` WHERE `+c.Column+` = $1`, made["gone"])
				if err != nil {
					t.Fatal(err)
				}
				if n > 0 && remains[name] == "" && features[name] == "" {
					t.Errorf("%s still names who was erased: have it go (erased), have a feature do it, or say here why not", name)
				}
			}
			p, err := person.Get(t.Context(), tx, made["gone"])
			if err != nil || p.Name != "Somebody" || p.Active || p.Address != "" || p.Zone != "" || p.Role != person.Requester {
				t.Errorf("%+v, %v", p, err)
			}
			if found, err := person.Find(t.Context(), tx, "gone", 5); err != nil || len(found) != 0 {
				t.Errorf("found by their name: %+v, %v", found, err)
			}
			if len(asked) != 2 || asked[0] != made["gone"] {
				t.Errorf("features were asked for %v, want them and who became part of them", asked)
			}
		})
	})
}

// fillEach makes a row for each column that names a person, of one; other columns of the row name another.
func fillEach(t *testing.T, tx *db.Tx, all []dbtest.Column, of, other int64) {
	t.Helper()
	beside := map[string][]string{}
	for _, c := range all {
		beside[c.Table] = append(beside[c.Table], c.Column)
	}
	for n, c := range all {
		set := map[string]any{}
		for name, v := range readable[c.Table] {
			set[name] = v
		}
		for _, column := range beside[c.Table] {
			if c.Table != "person" {
				set[column] = other
			}
		}
		set[c.Column] = of
		dbtest.Row(t, tx, c.Table, 900_000+n, set)
	}
}

func TestWhoMayErase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var ids []int64
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, p := range []person.New{{Name: "Ada", Role: person.Administrator}, {Name: "Lena", Role: person.Lead}, {Name: "Hana", Role: person.Requester, Addresses: []string{"hana@example.com"}}, {Name: "H. Sato", Role: person.Requester, Addresses: []string{"sato@example.com"}}} {
				made, err := person.Create(t.Context(), tx, p)
				if err != nil {
					return err
				}
				ids = append(ids, made.ID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ada, lena, hana, sato := ids[0], ids[1], ids[2], ids[3]
		erase := func(by person.Actor, id int64) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return person.Erase(t.Context(), tx, by, id, "Somebody", "") })
		}
		admin := person.Actor{ID: ada, Name: "Ada", Role: person.Administrator}
		if err := erase(person.Actor{ID: lena, Role: person.Lead}, hana); !fault.Is(err, fault.KindDenied) {
			t.Errorf("a lead: %v", err)
		}
		if err := erase(person.Actor{ID: ada, Role: person.Administrator, ReadOnly: true}, hana); !fault.Is(err, fault.KindDenied) {
			t.Errorf("a token that looks only: %v", err)
		}
		if err := erase(admin, ada); !fault.Is(err, fault.KindConflict) {
			t.Errorf("oneself: %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := person.MergeInto(t.Context(), tx, admin, hana, sato, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := erase(admin, sato); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a part of another record: %v", err)
		}
		if err := erase(admin, hana); err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			for _, id := range []int64{hana, sato} {
				if p, err := person.Get(t.Context(), tx, id); err != nil || p.Name != "Somebody" || p.Active {
					t.Errorf("%+v, %v", p, err)
				}
			}
			merges, err := person.Merges(t.Context(), tx, hana)
			if len(merges) != 0 {
				t.Errorf("it can be taken back: %+v", merges)
			}
			left, err2 := db.All[string](t.Context(), tx, `SELECT moved || detail FROM person_merge m, audit a WHERE moved || detail LIKE '%example.com%'`)
			if len(left) != 0 {
				t.Errorf("addresses are left in %q", left)
			}
			if err == nil {
				err = err2
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		// Whoever writes from that address is somebody new.
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			p, err := person.ByAddress(t.Context(), tx, person.Contact{Address: "hana@example.com", Name: "Hana"})
			if p.ID == hana {
				t.Error("who writes again is who was erased")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
