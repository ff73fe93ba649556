package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestSavedViews(t *testing.T) {
	each(t, func(s *stage) {
		s.made("Printer moves", "first-line", func(n *ticket.New) { n.Tags = []string{"move"} })
		s.made("Screen moves", "network", func(n *ticket.New) { n.Tags = []string{"move"} })
		s.made("Salary moves", "people", func(n *ticket.New) { n.Tags = []string{"move"} })
		if n := len(s.get("amara", "/tickets?view=all").all("#save-view")); n != 0 {
			t.Error("there is nothing to save about a list as it is")
		}
		list := s.get("amara", "/tickets?view=all&tag=move&sort=oldest").want(http.StatusOK)
		filter, place := list.value("#save-view input[name=filter]"), list.value("#save-view input[name=place]")
		a := s.post("amara", "/views", "name", " Floor 3  move ", "filter", filter, "place", place, "shared", "1").want(http.StatusSeeOther)
		at := a.header.Get("Location")
		shown := s.get("amara", at).want(http.StatusOK).has("h1", "Floor 3 move").has(".list-title", "oldest ticket first").has("#views [aria-current=page]", "Floor 3 move 2 tickets")
		if rows := shown.all(".ticket-row"); len(rows) != 2 || !strings.HasSuffix(uitest.Attr(rows[0], "href"), strings.TrimPrefix(at, "/tickets")) {
			t.Errorf("%d rows", len(rows))
		}
		s.get("jonas", at).want(http.StatusOK).has("#views", "Floor 3 move 3 tickets").has(".rows", "Salary moves")
		s.get("amara", at+"&tag=none").want(http.StatusOK).has("#list", "Nothing like that here")
		if n := len(s.get("jonas", at).all("a[aria-label=Change this view]")); n != 0 {
			t.Error("a colleague is offered to change it")
		}
		id := strings.TrimPrefix(at, "/tickets?view=v")
		s.get("jonas", "/views/"+id).want(http.StatusForbidden)
		s.post("jonas", "/views/"+id, "name", "Mine now", "filter", "").want(http.StatusForbidden)
		s.get("hana", "/views").want(http.StatusForbidden)

		form := s.get("priya", "/views/"+id).want(http.StatusOK).has("main", "Amara Okafor made this view")
		was := form.value("input[name=was]")
		s.post("priya", "/views/"+id, "was", was, "name", "Floor three", "filter", "tag:move team:network", "sort", "wait", "group", "team", "cols", "subject", "shared", "1").want(http.StatusSeeOther)
		late := s.post("amara", "/views/"+id, "was", was, "name", "Other", "filter", "tag:moved", "shared", "1").want(http.StatusConflict)
		late.has("main", "it is “Floor three” with the filter tag:move team:network now")
		if got := late.value("main input[name=name]"); got != "Other" {
			t.Errorf("what was typed is %q", got)
		}
		s.get("amara", at).has(".list-title", "longest wait first").has(".row-group", "Network")

		s.post("priya", "/views/"+id+"/removal").want(http.StatusSeeOther)
		s.get("amara", at).want(http.StatusNotFound)
		s.get("amara", "/tickets/1001?view=v"+id).want(http.StatusOK)
		s.post("amara", "/bulk", "all", "1", "place", "view=v"+id, "do", "status:solved").want(http.StatusNotFound)
		s.post("priya", "/views/"+id+"/restoration").want(http.StatusSeeOther)
		s.get("amara", at).want(http.StatusOK)
	})
}

func TestAWrongViewIsToldAndKept(t *testing.T) {
	each(t, func(s *stage) {
		a := s.post("amara", "/views", "name", "Later", "filter", "status:later", "shared", "1").want(http.StatusUnprocessableEntity)
		a.has("main", "cannot be “later”")
		if got := a.value("main input[name=name]"); got != "Later" {
			t.Errorf("the name is %q", got)
		}
		s.post("amara", "/views", "name", "", "filter", "status:open").want(http.StatusUnprocessableEntity).has("main", "Please give the view a name")
		// A filter can cease to be understood, when a field goes.
		var id int64
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = db.One[int64](ctx, tx, `INSERT INTO saved_view (owner_id, name, shared, filter, place, created_at, updated_at) VALUES ($1, 'Old', FALSE, 'status:gone', '', 1, 1) RETURNING id`, s.people["amara"].ID)
			return err
		})
		list := s.get("amara", "/tickets?view=v"+num(id)).want(http.StatusUnprocessableEntity).has("#list", "This view needs mending").has("#list", "cannot be “gone”")
		list.has("#views", "Old needs mending")
		s.get("amara", "/views").want(http.StatusOK).has("main", "cannot be “gone”")
		s.get("amara", "/views/"+num(id)).want(http.StatusOK).has("main", "cannot be “gone”")
		s.get("jonas", "/tickets?view=v"+num(id)).want(http.StatusNotFound)
	})
}

func TestHowAListIsShown(t *testing.T) {
	each(t, func(s *stage) {
		first := s.made("First", "network", func(n *ticket.New) { n.Priority = ticket.Urgent })
		second := s.made("Second", "first-line")
		order := func(path string) (ids string) {
			for _, n := range s.get("amara", path).want(http.StatusOK).all(".ticket-row") {
				ids += strings.SplitN(strings.TrimPrefix(uitest.Attr(n, "href"), "/tickets/"), "?", 2)[0] + " "
			}
			return ids
		}
		down, up := num(second.ID)+" "+num(first.ID)+" ", num(first.ID)+" "+num(second.ID)+" "
		for path, want := range map[string]string{"/tickets": down, "/tickets?sort=created": down, "/tickets?sort=oldest": up, "/tickets?sort=priority": up, "/tickets?sort=wait": up, "/tickets?group=priority": up, "/tickets?group=team": down, "/tickets?group=day": down} {
			if got := order(path); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
		s.get("amara", "/tickets?sort=size").want(http.StatusUnprocessableEntity).has("#list", "There is no such order")
		s.get("amara", "/tickets?group=team").has(".row-group", "First line").has(".row-group", "Network")
		s.get("amara", "/tickets?cols=subject&cols=team,number").has(".ticket-row", "#"+num(second.ID)).has(".ticket-row", "First line").hasNot(".ticket-row", "Hana")
		s.post("amara", "/tickets/display", "view", "ours", "sort", "oldest", "group", "none", "density", "compact", "cols", "subject", "cols", "team").want(http.StatusSeeOther)
		if got := order("/tickets?view=ours"); got != up {
			t.Errorf("the order was not kept: %s", got)
		}
		if got := order("/tickets?view=ours&sort=created"); got != down {
			t.Errorf("the address does not weigh more: %s", got)
		}
		if n := len(s.get("amara", "/tickets?view=all").has(".list-title", "newest activity first").all(".is-compact")); n != 1 {
			t.Error("spacing is not kept for all lists")
		}
		csv := s.get("priya", "/tickets.csv?"+url.Values{"view": {"all"}, "sort": {"oldest"}, "cols": {"subject,team,waiting"}}.Encode()).want(http.StatusOK).body
		if !strings.HasPrefix(csv, "number,subject,team,turn,waiting_since\r\n"+num(first.ID)+",First,network,ours,2") {
			t.Errorf("the file is\n%s", csv)
		}
	})
}

func num(n int64) string { return strconv.FormatInt(n, 10) }
