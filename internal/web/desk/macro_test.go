package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/macro"
	"goodturn/internal/ticket"
)

// macroOf keeps a macro of somebody's own and gives its id.
func (s *stage) macroOf(who string, m macro.Macro) (id int64) {
	s.t.Helper()
	m.Scope = macro.Own
	a := s.as(who).Actor
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = macro.Save(ctx, tx, a, m)
		return err
	})
	return id
}

func TestAMacroIsMadeUsedRemovedAndHadBack(t *testing.T) {
	each(t, func(s *stage) {
		one := s.made("One", "first-line")
		s.post("amara", "/macros", "name", "Router", "scope", "own", "shortcut", "/router", "text-en", "{{greeting}} {{requester.first_name}}, pull the plug of **your** router.", "status", "pending", "tags", "network, -new").to("/macros")
		list := s.get("amara", "/macros").want(http.StatusOK)
		if text := list.text("main"); !strings.Contains(text, "Router") || !strings.Contains(text, "set the status to pending") || !strings.Contains(text, "take off the tag new") {
			t.Errorf("the list says %q", text)
		}
		if text := s.get("jonas", "/macros").text("main"); strings.Contains(text, "Router") {
			t.Error("somebody else sees her own macro")
		}
		id := s.macroOf("amara", macro.Macro{Name: "Second", Texts: map[string]string{"en": "Hello {{requester.first_name}}"}, Actions: []ticket.Action{{Do: ticket.DoPriority, Value: "high"}}})
		page := s.post("amara", fmt.Sprintf("/tickets/%d/macros", one.ID), "macro", fmt.Sprint(id)).want(http.StatusOK)
		if text := page.text("#reply"); text != "Hello Hana" {
			t.Errorf("the answer begins with %q", text)
		}
		if text := page.text(".macro-lines"); !strings.Contains(text, "set the priority to high") {
			t.Errorf("under it stands %q", text)
		}
		s.post("amara", fmt.Sprintf("/tickets/%d/replies", one.ID), "text", "Hello Hana", "macro", fmt.Sprint(id)).want(http.StatusSeeOther)
		if x := s.now(one.ID); x.Priority != ticket.High || x.Messages != 2 {
			t.Errorf("after sending: %+v", x)
		}
		if text := s.get("amara", "/macros").text("main"); !strings.Contains(text, "used once") {
			t.Errorf("it was not counted: %q", text)
		}
		s.post("amara", fmt.Sprintf("/macros/%d/removal", id)).to("/macros")
		s.get("amara", fmt.Sprintf("/macros/%d", id)).want(http.StatusNotFound)
		s.post("jonas", fmt.Sprintf("/macros/%d/restore", id)).want(http.StatusNotFound)
		s.post("amara", fmt.Sprintf("/macros/%d/restore", id)).to("/macros")
		preview := s.get("amara", fmt.Sprintf("/macros/%d?ticket=%d", id, one.ID)).want(http.StatusOK)
		if text := preview.text(".macro-preview"); text != "Hello Hana" {
			t.Errorf("the preview says %q", text)
		}
		hidden := s.made("Secret", "people")
		if text := s.get("amara", fmt.Sprintf("/macros/%d?ticket=%d", id, hidden.ID)).text("main"); !strings.Contains(text, fmt.Sprintf("There is no ticket %d.", hidden.ID)) {
			t.Errorf("a preview on a hidden ticket: %q", text)
		}
	})
}

func TestWhatIsWrongWithAMacroIsSaidAtItsField(t *testing.T) {
	each(t, func(s *stage) {
		page := s.post("amara", "/macros", "name", "", "scope", "all", "text-en", "Hello {{requester.fist_name}}").want(http.StatusUnprocessableEntity)
		text := page.text("main")
		for _, want := range []string{"Only leads share macros."} {
			if !strings.Contains(text, want) {
				t.Errorf("%q does not say %q", text, want)
			}
		}
		page = s.post("amara", "/macros", "name", "", "scope", "own", "text-en", "Hello {{requester.fist_name}}").want(http.StatusUnprocessableEntity)
		if text = page.text("main"); !strings.Contains(text, "Please give a name.") || !strings.Contains(text, "There is no variable {{requester.fist_name}}") || !strings.Contains(page.text("#f-text-en"), "Hello {{requester.fist_name}}") {
			t.Errorf("%q", text)
		}
	})
}

func TestARiskyMacroAsksFirst(t *testing.T) {
	each(t, func(s *stage) {
		one := s.made("One", "first-line")
		said := s.macroOf("amara", macro.Macro{Name: "Reinstall Windows", Texts: map[string]string{"en": "I will set it up anew"}})
		done := s.macroOf("amara", macro.Macro{Name: "Wiped", Actions: []ticket.Action{{Do: ticket.DoTag, Value: "wiped"}}})
		path := fmt.Sprintf("/tickets/%d/", one.ID)
		page := s.post("amara", path+"replies", "text", "I will set it up anew", "macro", fmt.Sprint(said)).want(http.StatusUnprocessableEntity)
		if len(page.all(".consent")) != 1 || page.text("#reply") != "I will set it up anew" {
			t.Error("the answer or the reminder is gone")
		}
		s.post("amara", path+"replies", "text", "I will set it up anew", "macro", fmt.Sprint(said), "macro_backup", "1", "macro_agreed", "1").want(http.StatusUnprocessableEntity)
		if s.now(one.ID).Messages != 1 {
			t.Fatal("it was sent")
		}
		s.post("amara", path+"replies", "text", "I will set it up anew", "macro", fmt.Sprint(said), "macro_backup", "1", "macro_agreed", "1", "macro_how", "on the phone").want(http.StatusSeeOther)
		s.post("amara", path+"macros", "macro", fmt.Sprint(done)).want(http.StatusUnprocessableEntity)
		s.post("amara", path+"macros", "macro", fmt.Sprint(done), "macro_backup", "1", "macro_agreed", "1", "macro_how", "at their desk").want(http.StatusSeeOther)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			notes, err := db.All[string](ctx, tx, `SELECT text FROM message WHERE ticket_id = $1 AND internal ORDER BY seq`, one.ID)
			if len(notes) != 2 || !strings.Contains(notes[0], "“Reinstall Windows”") || !strings.Contains(notes[0], "on the phone") || !strings.Contains(notes[1], "at their desk") {
				t.Errorf("the notes are %q", notes)
			}
			tags, _ := ticket.Tags(ctx, tx, one.ID)
			if len(tags) != 1 {
				t.Errorf("the tags are %v", tags)
			}
			return err
		})
	})
}

func TestAVariableThatStillStandsIsNotSent(t *testing.T) {
	each(t, func(s *stage) {
		one := s.made("One", "first-line")
		page := s.post("amara", fmt.Sprintf("/tickets/%d/replies", one.ID), "text", "Dear {{organisation}} and {{jinja}}").want(http.StatusUnprocessableEntity)
		if text := page.text("#composer"); !strings.Contains(text, "{{organisation}} still stands in the text.") {
			t.Errorf("it says %q", text)
		}
		s.post("amara", fmt.Sprintf("/tickets/%d/replies", one.ID), "text", "Write {{jinja}} there").want(http.StatusUnprocessableEntity).has("#composer", "There is a gap to fill in")
		s.post("amara", fmt.Sprintf("/tickets/%d/replies", one.ID), "text", "Write {{jinja}} there", "warned", "gap").want(http.StatusSeeOther)
	})
}

func TestMacrosOfATicketAreItsStaffs(t *testing.T) {
	each(t, func(s *stage) {
		hidden := s.made("Secret", "people")
		s.get("amara", fmt.Sprintf("/tickets/%d/macros", hidden.ID)).want(http.StatusNotFound)
		s.get("jonas", fmt.Sprintf("/tickets/%d/macros", hidden.ID)).want(http.StatusOK)
		own := s.macroOf("jonas", macro.Macro{Name: "His", Texts: map[string]string{"en": "x"}})
		open := s.made("Open", "first-line")
		s.post("amara", fmt.Sprintf("/tickets/%d/macros", open.ID), "macro", fmt.Sprint(own)).want(http.StatusNotFound)
	})
}
