package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/fault"
	"goodturn/internal/filter"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/search"
	"goodturn/internal/ticket"
)

// facts is all about a ticket that a filter can ask for, gathered without one.
type facts struct {
	ticket.Ticket
	tags      []string
	texts     []string // of each message
	notes     bool
	files     bool
	followers []int64
	requester person.Person
	now       clock.Instant
}

// holds is the slow and simple meaning of the language, for the fields that the property test uses.
func (x facts) holds(n *filter.Node, a person.Actor) bool {
	if n == nil {
		return true
	}
	switch n.Kind {
	case filter.And:
		return !slices.ContainsFunc(n.Nodes, func(c *filter.Node) bool { return !x.holds(c, a) })
	case filter.Or:
		return slices.ContainsFunc(n.Nodes, func(c *filter.Node) bool { return x.holds(c, a) })
	case filter.Not:
		return !x.holds(n.Nodes[0], a)
	case filter.Word:
		q := search.Parse(n.Text)
		return slices.ContainsFunc(append([]string{x.Subject}, x.texts...), q.Matches)
	}
	return slices.ContainsFunc(n.Values, func(v filter.Value) bool { return x.has(n.Field, v, a) })
}

func (x facts) has(field string, v filter.Value, a person.Actor) bool {
	switch field {
	case "status":
		return string(x.Status) == v.Text || v.Text == "unsolved" && x.IsOpen || v.Text == "done" && !x.IsOpen
	case "turn":
		return string(x.Turn) == v.Text
	case "is":
		return map[string]bool{
			"unassigned": x.AssigneeID == 0, "answered": x.AnsweredAt > 0, "snoozed": x.Snooze != "", "mine": x.AssigneeID == a.ID, "spam": x.Turn == ticket.Spam,
			"suspect": x.Turn == ticket.Suspect, "followed": slices.Contains(x.followers, a.ID),
		}[v.Text]
	case "assignee":
		return v.Text == "nobody" && x.AssigneeID == 0 || v.Text == "me" && x.AssigneeID == a.ID
	case "tag":
		return slices.Contains(x.tags, v.Text)
	case "priority":
		at := func(p string) int { return slices.Index(ticket.Priorities(), ticket.Priority(p)) }
		return compare(int64(at(string(x.Priority))), v.Op, int64(at(v.Text)), int64(at(v.To)))
	case "requester":
		return strings.HasSuffix(x.requester.Address, v.Text) && strings.Contains(v.Text, "@")
	case "created":
		s, err := v.Moments(x.now, time.UTC, false)
		return err == nil && x.CreatedAt >= s.From && (s.To == 0 || x.CreatedAt < s.To)
	case "messages":
		var of, to int64
		_, _ = fmt.Sscan(v.Text, &of)
		_, _ = fmt.Sscan(v.To, &to)
		return compare(x.Messages, v.Op, of, to)
	case "has":
		return map[string]bool{"note": x.notes, "attachment": x.files, "answer": x.AnsweredAt > 0, "tag": len(x.tags) > 0, "assignee": x.AssigneeID != 0}[v.Text]
	case "subject":
		return search.Parse(v.Text).Matches(x.Subject)
	}
	panic(field)
}

func compare(x int64, op filter.Op, of, to int64) bool {
	switch op {
	case filter.Less:
		return x < of
	case filter.AtMost:
		return x <= of
	case filter.More:
		return x > of
	case filter.AtLeast:
		return x >= of
	case filter.Between:
		return x >= of && x <= to
	}
	return x == of
}

// drawFilter makes a filter, nested at random.
func drawFilter(r *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 9).Draw(r, "kind")
	if depth == 0 || kind < 4 {
		return rapid.SampledFrom([]string{
			"status:open", "status:new,pending", "status:unsolved", "status:done", "turn:ours", "turn:theirs,snoozed", "is:unassigned", "is:answered", "is:snoozed", "is:mine",
			"is:followed", "assignee:me", "assignee:nobody", "tag:vpn", "tag:printer,paper", "tag:never", "priority:high", "priority:>=high", "priority:<normal",
			"priority:low..high", "requester:@example.com", "requester:@other.example", "requester:hana@example.com", "created:<7d", "created:>30d", "created:7d..30d",
			"messages:1", "messages:>=3", "messages:2..3", "has:note", "has:attachment", "has:answer", "has:tag", "has:assignee", "subject:printer", `subject:"half pages"`,
			"printer", "vpn", `"half pages"`, "nothingofthekind", "secret",
		}).Draw(r, "term")
	}
	parts := make([]string, rapid.IntRange(2, 3).Draw(r, "parts"))
	for i := range parts {
		parts[i] = drawFilter(r, depth-1)
	}
	switch {
	case kind < 6:
		return "-" + brackets(parts[0])
	case kind < 8:
		return "(" + strings.Join(parts, " OR ") + ")"
	}
	return "(" + strings.Join(parts, " ") + ")"
}

func brackets(s string) string {
	if strings.HasPrefix(s, "(") {
		return s
	}
	return "(" + s + ")"
}

// TestFiltersMeanWhatTheySay holds the compiled SQL equal to a slow evaluation, for random filters over random tickets.
func TestFiltersMeanWhatTheySay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		ctx := i18n.With(t.Context(), "en", time.UTC)
		var all []facts
		rapid.Check(t, func(r *rapid.T) {
			if len(all) < 30 {
				f.scatter(r, 10)
				all = f.gather()
			}
			text := drawFilter(r, 3)
			q, err := ticket.ParseFilter(text)
			if err != nil {
				r.Fatal(text, err)
			}
			if q.Words() != "" { // those are ranked, and found in one message together
				return
			}
			if rapid.Bool().Draw(r, "all is common") {
				defer ticket.SetRareList(rapid.IntRange(1, 4).Draw(r, "few"))()
			}
			f.write(func(tx *db.Tx) error {
				rows, err := ticket.List(ctx, tx, f.amara, person.SeeTicket, ticket.Page{Filter: text, Size: ticket.MaxPage})
				if err != nil {
					r.Fatal(text, err)
				}
				got := map[int64]bool{}
				for _, x := range rows.Items {
					got[x.ID] = true
				}
				for _, x := range all {
					want := x.holds(q.Root, f.amara) && !x.Turn.Aside() && x.TeamID == f.open
					if got[x.ID] != want {
						r.Errorf("%s lets ticket %d through: %v, want %v; it is %+v", text, x.ID, got[x.ID], want, x)
					}
					if alone := f.asksAlone(tx, text, x); alone != want {
						r.Errorf("%s holds for ticket %d alone: %v, want %v; it is %+v", text, x.ID, alone, want, x)
					}
				}
				return nil
			})
		})
	})
}

// asksAlone asks a condition of one ticket.
func (f *fixture) asksAlone(tx *db.Tx, text string, x facts) bool {
	ctx := i18n.With(f.Context(), "en", time.UTC)
	c := must(ticket.NewCondition(text))
	known := must(ticket.FactsOf(ctx, tx, x.Ticket))
	holds := must(ticket.Holds(ctx, tx, f.amara, &known, c))
	if all := must(ticket.NewCondition("")); all.RulesOut(&known) {
		f.Error("an empty condition rules something out")
	}
	return holds
}

// scatter makes tickets of all sorts.
func (f *fixture) scatter(r *rapid.T, n int) {
	ctx := f.Context()
	pick := func(all ...string) string { return rapid.SampledFrom(all).Draw(r, "of") }
	yes := func() bool { return rapid.Bool().Draw(r, "yes") }
	f.write(func(tx *db.Tx) error {
		other, err := person.ByAddress(ctx, tx, person.Contact{Name: "Omar", Address: "omar@other.example"})
		if err != nil {
			return err
		}
		for range n {
			team, requester := f.open, f.hana.ID
			if rapid.IntRange(0, 5).Draw(r, "private") == 0 {
				team = f.private
			}
			if yes() {
				requester = other.ID
			}
			x, err := f.desk.Create(ctx, tx, by(f.jonas), ticket.New{
				Subject: pick("printer", "half pages", "pages half", "vpn down", "x"), Requester: requester, Team: team, Priority: ticket.Priority(pick("low", "normal", "high", "urgent")),
				At: tx.Now.Add(-time.Duration(rapid.IntRange(0, 60*24).Draw(r, "age")) * time.Hour), Message: ticket.Draft{Text: pick("the printer", "half pages again", "vpn", "nothing")},
			})
			if err != nil {
				return err
			}
			var steps []error
			do := func(err error) { steps = append(steps, err) }
			if yes() {
				do(f.desk.SetTags(ctx, tx, by(f.jonas), x.ID, []string{pick("vpn", "paper"), pick("printer", "paper")}))
			}
			if yes() && team == f.open {
				do(f.desk.Assign(ctx, tx, by(f.jonas), x.ID, rapid.SampledFrom([]int64{f.amara.ID, f.jonas.ID}).Draw(r, "who")))
			}
			if yes() {
				_, err := f.desk.Note(ctx, tx, by(f.jonas), x.ID, ticket.Draft{Text: pick("secret printer", "vpn")})
				do(err)
			}
			if yes() {
				_, err := f.desk.Reply(ctx, tx, by(f.jonas), x.ID, ticket.Draft{Text: "half pages", Files: files(yes())}, ticket.Status(pick("", "pending", "solved", "on_hold")))
				do(err)
			}
			if yes() {
				do(f.desk.Follow(ctx, tx, by(f.jonas), x.ID, f.amara.ID))
			}
			if now, err := ticket.Get(ctx, tx, f.jonas, person.SeeTicket, x.ID); err == nil && now.IsOpen && yes() {
				do(f.desk.Snooze(ctx, tx, by(f.jonas), x.ID, ticket.Snooze{Mode: ticket.UntilAnswer}))
			}
			if rapid.IntRange(0, 5).Draw(r, "spam") == 0 {
				do(f.desk.MarkSpam(ctx, tx, by(f.jonas), x.ID))
			}
			for _, err := range steps {
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func files(some bool) []ticket.File {
	if !some {
		return nil
	}
	return []ticket.File{{Name: "a.txt", Type: "text/plain"}}
}

// gather reads all tickets as they are.
func (f *fixture) gather() (all []facts) {
	f.write(func(tx *db.Tx) error {
		ctx := f.Context()
		for _, id := range must(db.All[int64](ctx, tx, `SELECT id FROM ticket ORDER BY id`)) {
			x := facts{Ticket: must(ticket.Get(ctx, tx, person.System, person.SeeTicket, id)), now: tx.Now}
			x.tags = must(ticket.Tags(ctx, tx, id))
			for _, m := range must(ticket.Messages(ctx, tx, id, true)) {
				x.texts, x.notes = append(x.texts, m.Text), x.notes || m.Internal
			}
			x.files = len(must(ticket.Attachments(ctx, tx, id, true))) > 0
			x.requester = must(person.Get(ctx, tx, x.RequesterID))
			for _, p := range must(ticket.Followers(ctx, tx, id)) {
				x.followers = append(x.followers, p.ID)
			}
			all = append(all, x)
		}
		return nil
	})
	return all
}

// TestFilterErrorsSayWhatWouldBeRight asks with values that are wrong.
func TestFilterErrorsSayWhatWouldBeRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		f.write(func(tx *db.Tx) error {
			for _, c := range []struct{ text, wrong, instead, says string }{
				{"tag:x status:opne", "opne", "open", "It takes new, open"},
				{"is:snozed", "snozed", "snoozed", "It takes"},
				{"turn:us", "us", "", "ours, theirs, hold, snoozed"},
				{"team:frist-line", "frist-line", "first-line", "There is no team"},
				{"team:payroll", "payroll", "", "There is no team"},
				{"assignee:amra", "amra", "Amara", "Nobody at the desk"},
				{"priority:>=hihg", ">=hihg", "high", "It takes low"},
				{"created:7d", "7d", "<7d", "less or more"},
				{"created:yesteday", "yesteday", "yesterday", "is no time"},
				{"messages:many", "many", "", "is no number"},
				{"status:>open", ">open", "open", "cannot be compared"},
				{"(status:open OR statsu:x)", "statsu:", "status:", "Did you mean"},
				{"mailbox:x@y", "x@y", "", "There is no mailbox"},
				{"organisation:zzz", "zzz", "", "There is no organisation"},
			} {
				_, err := ticket.List(t.Context(), tx, f.amara, person.SeeTicket, ticket.Page{Filter: c.text, Within: "turn:ours"})
				e, ok := ticket.FilterError(err)
				if !ok || !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%s: %v", c.text, err)
					continue
				}
				if _, wrong, _ := e.Parts(); wrong != c.wrong || e.Text != c.text || append(e.Instead, "")[0] != c.instead || !strings.Contains(e.Error(), c.says) {
					t.Errorf("%s: %q is wrong (%s), instead %q", c.text, wrong, e, e.Instead)
				}
			}
			for _, text := range []string{"assignee:ama", "assignee:okafor", `assignee:"Amara Okafor"`, "team:mine", `team:"first line"`, "from:hana", "from:@example.com", "follower:me", "merged:1001", "snoozed:<2d", "waiting:>2h", "solved:never", "id:#1001", "is:unread", "is:private"} {
				if err := ticket.CheckFilter(t.Context(), tx, f.amara, text); err != nil {
					t.Errorf("%s: %v", text, err)
				}
			}
			return nil
		})
	})
}

// TestRequestersAskForLess holds what a requester's filter may say.
func TestRequestersAskForLess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := setUp(t, d)
		x := f.create("Half pages")
		f.write(func(tx *db.Tx) error {
			_, err := f.desk.Note(t.Context(), tx, by(f.amara), x.ID, ticket.Draft{Text: "xylophone"})
			return err
		})
		f.write(func(tx *db.Tx) error {
			for text, want := range map[string]int{"status:new": 1, "-status:new": 0, "status:new OR status:open": 1, "half": 1, "status:new half": 1, "-status:solved half": 1, "xylophone": 0} {
				rows, err := ticket.List(t.Context(), tx, f.hana, person.SeeOwn, ticket.Page{Filter: text})
				if err != nil || len(rows.Items) != want {
					t.Errorf("%s finds %d (%v), want %d", text, len(rows.Items), err, want)
				}
			}
			for _, text := range []string{"tag:x", "-tag:x", "has:note", "is:snoozed", "status:new OR has:note", "NOT (is:suspect)", "-xylophone", "(xylophone OR half)", "subject:half", "turn:ours", "created:<7d"} {
				if _, err := ticket.List(t.Context(), tx, f.hana, person.SeeOwn, ticket.Page{Filter: text}); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("%s: %v", text, err)
				}
			}
			return nil
		})
	})
}
