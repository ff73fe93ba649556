package person_test

import (
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/person"
)

// stays are the columns of which nothing goes over when two people are merged, with the reason.
var stays = map[string]string{
	"absence.by_id": "who noted it then", "article_answer.person_id": "who answered then", "article_answer.settled_by": "who settled it then", "article_text.by_id": "who wrote it then", "article_version.by_id": "who wrote it then",
	"audit.person_id": "who did it then", "chat_hook.made_by": "who made it then", "chat_line.by_id": "who said it then", "draft.editor_id": "who changed it last then", "draft_copy.editor_id": "who wrote it then",
	"event.person_id": "who did it then", "fix_note.author_id": "who wrote it then", "fix_note_version.author_id": "who wrote it then", "held_reply.author_id": "it goes out within seconds", "held_reply.sender_id": "it goes out within seconds",
	"line_ahead.by_id": "who did it then", "line_wait.by_id": "who did it then", "message.author_id": "who wrote it then", "notice.by_id": "of whom it tells then", "outage.by_id": "who posted it then", "outage_update.by_id": "who posted it then",
	"papercut_event.by_id": "who did it then", "papercut_handing.by_id": "who handed it on then", "papercut_tap.by_id": "who wrote it down then", "papercut_tracker.made_by": "who made it then", "person_note.changed_by": "who wrote it then",
	"person_merge.by_id": "who merged then", "person_merge.gone_id": "what was merged then", "person_merge.kept_id": "what was merged then", "rule_trial.person_id": "it is looked at at once", "rule_version.by_id": "who wrote it then",
	"sender_trust.by_id": "who blocked them then", "service_form.person_id": "who wrote it then", "sla_policy_version.by_id": "who wrote it then", "stint_excuse.by_id": "who excused then", "stint_approval.by_id": "who said yes to that version", "suggestion.by_id": "who proposed it then", "ticket_merge.by_id": "who merged then",

	"person.merged_into":          "each leads on to the next",
	"person_note.person_id":       "it is written together with the other's",
	"help_reckoning.person_id":    "it is copied",
	"access_link.person_id":       "links that were mailed lead on to whoever they became",
	"delivery.person_id":          "to whom it was mailed then",
	"letter.person_id":            "to whom it was mailed then",
	"token.person_id":             "it ends with the account",
	"idempotency.person_id":       "a program asks under one account",
	"care_turn.person_id":         "it is forgotten within a week, and nobody but package care reads it",
	"collector.person_id":         "new mail of theirs is gathered for an hour",
	"chat_hook.person_id":         "what is told is told where the other wants it",
	"notice_pace.person_id":       "what is told is told how the other wants it",
	"person_preference.person_id": "the other has their own",
	"person_visit.person_id":      "the other looked at other things",
	"ticket_read.person_id":       "the other read what they read",
	"shift_cover_ask.person_id":   "what is asked of them ends",
}

// ends are the columns whose rows are gone with the merge, for good.
var ends = map[string]string{"session.person_id": "nobody is signed in as them any more", "sign_in_link.person_id": "nobody signs in as them any more"}

// values that code which merges reads.
var readable = map[string]map[string]any{"shift": {"breaks": ""}, "shift_invite": {"breaks": ""}}

// TestEachColumnGoesOverOrSaysWhyNot reads the store: for each column that names a person it makes a row of somebody, merges them into another, and takes the merge
// back. What is neither moved nor said to stay is forgotten.
func TestEachColumnGoesOverOrSaysWhyNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Loose(t, d, func(tx *db.Tx) {
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			made := map[string]int64{}
			for _, name := range []string{"kept", "gone", "third"} {
				p, err := person.Create(t.Context(), tx, person.New{Name: name, Role: person.Agent, Addresses: []string{name + "@desk.example"}})
				must(err)
				made[name] = p.ID
			}
			all := dbtest.Referring(t, tx, "person")
			fillEach(t, tx, all, made["gone"], made["third"])
			count := func(c dbtest.Column) (n int) {
				n, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM `+c.Table+` WHERE `+c.Column+` = $1`, made["gone"])
				must(err)
				return n
			}
			before := map[dbtest.Column]int{}
			for _, c := range all {
				before[c] = count(c)
			}
			admin := person.Actor{ID: made["third"], Name: "third", Role: person.Administrator}
			id, err := person.MergeInto(t.Context(), tx, admin, made["kept"], made["gone"], "")
			must(err)
			for _, c := range all {
				name := c.Table + "." + c.Column
				n := count(c)
				switch {
				case stays[name] != "" && n == 0:
					t.Errorf("%s goes over, and is said not to as %q", name, stays[name])
				case stays[name] == "" && n > 0:
					t.Errorf("%s still names who was merged: have it go over (parts), or say here why not", name)
				}
			}
			must(person.UndoMerge(t.Context(), tx, admin, id, ""))
			for _, c := range all {
				name := c.Table + "." + c.Column
				if n := count(c); n != before[c] && ends[name] == "" && c.Table != "person_merge" {
					t.Errorf("%s had %d rows, and after the merge was undone it has %d", name, before[c], n)
				}
			}
		})
	})
}

// TestBothKeepTheirOwn merges two who both have what there is once of, in each table of parts with such a key: nothing fails, and afterwards each has their own.
func TestBothKeepTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Loose(t, d, func(tx *db.Tx) {
			var ids []int64
			for _, name := range []string{"kept", "gone", "third"} {
				p, err := person.Create(t.Context(), tx, person.New{Name: name, Role: person.Agent, Addresses: []string{name + "@desk.example"}})
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, p.ID)
			}
			tables := map[string]string{"desk_guest": "person_id", "stint_mentor": "person_id", "rota_person": "id", "helper": "id", "team_member": "person_id", "team_share": "person_id", "ticket_grant": "person_id", "rota_wish": "person_id", "stint_excuse": "person_id", "notice": "person_id", "draft": "person_id", "article_unsaved": "person_id", "papercut_told": "person_id", "person_tag": "person_id"}
			for table, column := range tables {
				for _, id := range ids[:2] {
					dbtest.Row(t, tx, table, 800_000, map[string]any{column: id})
				}
			}
			admin := person.Actor{ID: ids[2], Role: person.Administrator}
			merge, err := person.MergeInto(t.Context(), tx, admin, ids[0], ids[1], "")
			if err == nil {
				err = person.UndoMerge(t.Context(), tx, admin, merge, "")
			}
			if err != nil {
				t.Fatal(err)
			}
			for table, column := range tables {
				for _, id := range ids[:2] {
					if n, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM `+table+` WHERE `+column+` = $1`, id); err != nil || n != 1 {
						t.Errorf("%s: %d has %d, %v", table, id, n, err)
					}
				}
			}
		})
	})
}
