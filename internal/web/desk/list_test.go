package desk_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/db"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestListsAreForStaff(t *testing.T) {
	each(t, func(s *stage) {
		s.get("", "/tickets?view=mine").to("/sign-in?next=%2Ftickets%3Fview%3Dmine")
		s.get("hana", "/tickets").want(http.StatusForbidden)
		s.get("amara", "/tickets").want(http.StatusOK)
	})
}

func TestEmptyListTeaches(t *testing.T) {
	each(t, func(s *stage) {
		s.get("amara", "/tickets").want(http.StatusOK).has("#list", "The desk is ready")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ('help@desk.example', 'Help', $1, TRUE, TRUE, '', '', 1)`, s.teams["first-line"])
			return err
		})
		s.get("amara", "/tickets").has("#list", "Mail to help@desk.example becomes a ticket")
		s.made("Salary", "people")
		s.get("amara", "/tickets").has("#list", "The desk is ready")
		s.made("Printer", "first-line")
		s.get("amara", "/tickets?view=mine").has("#list", "All done here")
		s.get("amara", "/tickets?view=mine&tag=vpn").has("#list", "Nothing like that here")
	})
}

func TestStandingListsAndCounts(t *testing.T) {
	each(t, func(s *stage) {
		fresh, mine, theirs, hold, done := s.made("fresh", "first-line"), s.made("mine", "first-line"), s.made("theirs", "network"), s.made("hold", "network"), s.made("done", "network")
		s.made("hidden", "people")
		amara := s.as("amara")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if err := s.desk.Tickets.Assign(ctx, tx, amara, mine.ID, amara.ID); err != nil {
				return err
			}
			for id, to := range map[int64]ticket.Status{theirs.ID: ticket.Pending, hold.ID: ticket.OnHold, done.ID: ticket.Solved} {
				if err := s.desk.Tickets.SetStatus(ctx, tx, amara, id, to); err != nil {
					return err
				}
			}
			return nil
		})
		for view, want := range map[string][]int64{
			"": {mine.ID, fresh.ID}, "ours": {mine.ID, fresh.ID}, "mine": {mine.ID}, "unassigned": {hold.ID, theirs.ID, fresh.ID}, "waiting": {hold.ID, theirs.ID}, "done": {done.ID},
			"all": {done.ID, hold.ID, theirs.ID, mine.ID, fresh.ID}, "ours&team=network": nil, "all&team=network": {done.ID, hold.ID, theirs.ID}, "mine&assignee=nobody": nil, "all&assignee=nobody": {hold.ID, theirs.ID, fresh.ID, done.ID},
			"waiting&status=on_hold": {hold.ID}, "all&q=status:solved": {done.ID}, "mine&q=status:solved": nil, "all&q=assignee:me": {mine.ID},
		} {
			a := s.get("amara", "/tickets?view="+view).want(http.StatusOK)
			got := map[string]bool{}
			for _, n := range a.all(".ticket-row") {
				got[strings.SplitN(uitest.Attr(n, "href"), "?", 2)[0]] = true
			}
			if len(got) != len(want) {
				t.Errorf("%s: %v, want %v", view, got, want)
			}
			for _, id := range want {
				if !got[path(id, "")] {
					t.Errorf("%s: %d is missing in %v", view, id, got)
				}
			}
		}
		a := s.get("amara", "/tickets?view=mine")
		if got := a.text("#views .count"); got != "2 tickets | 1 tickets | 3 tickets | 2 tickets" {
			t.Errorf("counts are %s", got)
		}
		a.has("#views [aria-current=page]", "Mine").has("h1", "Mine")
		s.get("jonas", "/tickets").has("#list", "hidden")
		s.get("amara", "/tickets?view=all").hasNot("body", "hidden").hasNot("#filter-team", "People matters")
		s.get("amara", "/tickets?view=all&team=people").want(http.StatusUnprocessableEntity).hasNot(".rows", "hidden")
	})
}

func TestListKeepsAWrongFilter(t *testing.T) {
	each(t, func(s *stage) {
		s.made("Printer", "first-line")
		a := s.get("amara", "/tickets?q=status:later").want(http.StatusUnprocessableEntity)
		a.has("#list", "cannot be “later”")
		if got := a.value("input[name=q]"); got != "status:later" {
			t.Errorf("the box holds %q", got)
		}
		s.get("amara", "/tickets?cursor=x").want(http.StatusUnprocessableEntity).has("#list", "This place in the list is not known")
		s.get("amara", "/tickets?view=nonsense&status=later").want(http.StatusUnprocessableEntity).has("h1", "Our turn")
		s.get("amara", "/tickets?view=all&q=nothing%20here").want(http.StatusOK).has("#list", "Nothing like that here")
		s.get("amara", "/tickets?view=all&q=printer").want(http.StatusOK).has(".rows", "Printer")
	})
}

func TestListPages(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 120 {
			s.made("Ticket "+strconv.Itoa(i), "first-line", func(n *ticket.New) { n.Tags = []string{"t" + strconv.Itoa(i%3)} })
		}
		seen := map[string]bool{}
		next := "/tickets?view=ours&team=first-line"
		sizes := ""
		var last *answer
		for next != "" {
			last = s.get("amara", next).want(http.StatusOK)
			rows := last.all(".ticket-row")
			sizes += strconv.Itoa(len(rows)) + " "
			for _, n := range rows {
				seen[strings.SplitN(uitest.Attr(n, "href"), "?", 2)[0]] = true
			}
			next = ""
			for _, n := range last.all("a[rel=next]") {
				next = uitest.Attr(n, "href")
			}
		}
		if sizes != "50 50 20 " || len(seen) != 120 {
			t.Errorf("pages of %s, %d tickets", sizes, len(seen))
		}
		back := last.all("a[rel=prev]")
		if len(back) != 1 {
			t.Fatal("no way back")
		}
		if n := len(s.get("amara", uitest.Attr(back[0], "href")).all(".ticket-row")); n != 50 {
			t.Errorf("%d rows on the way back", n)
		}
		a := s.get("amara", "/tickets?tag=t1")
		if n := len(a.all(".ticket-row")); n != 40 {
			t.Errorf("%d rows with the tag", n)
		}
		a.has("#views .count", "120 tickets")
	})
}

func TestListFragments(t *testing.T) {
	each(t, func(s *stage) {
		s.made("Printer", "first-line")
		r := httptest.NewRequest(http.MethodGet, "/tickets?view=ours", nil)
		r.Header.Set("Goodturn-Fragment", "list views")
		a := s.send("amara", r).want(http.StatusOK)
		a.has("#list", "Printer").has("#views", "Our turn")
		if len(a.all("main")) != 0 || len(a.all("link")) != 0 || strings.Contains(a.body, "<html") {
			t.Errorf("more than was asked for: %s", a.body)
		}
		if !strings.HasPrefix(a.body, "<section") || !strings.HasSuffix(a.body, "</nav>") {
			t.Errorf("not whole elements: %.80s … %.80s", a.body, a.body[max(0, len(a.body)-80):])
		}
		r = httptest.NewRequest(http.MethodGet, "/tickets", nil)
		r.Header.Set("Goodturn-Fragment", "views")
		if a := s.send("amara", r).want(http.StatusOK); len(a.all("#list")) != 0 {
			t.Error("the list comes unasked")
		}
	})
}
