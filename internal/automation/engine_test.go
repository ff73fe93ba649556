package automation_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
)

func TestARuleActsAndTheSpineSaysSo(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when a ticket comes\nif subject:vpn -tag:done\nthen tag vpn\nthen set priority high\nthen assign amara@example.org")
		hit, miss := s.comes("The VPN is down"), s.comes("The printer is down")
		s.want("tags", s.tags(hit.ID), "vpn")
		s.want("priority", hit.Priority, ticket.High)
		s.want("assignee", hit.AssigneeID, s.amara.ID)
		s.want("tags of another", s.tags(miss.ID), "")
		s.want("priority of another", miss.Priority, ticket.Normal)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			byRule := 0
			for _, e := range must(ticket.Events(ctx, tx, hit.ID)) {
				if e.RuleID == 0 {
					continue
				}
				byRule++
				s.want("actor", e.Actor, "rule")
				s.want("person", e.PersonID, int64(0))
				if e.What == ticket.Tagged {
					s.want("rule", e.RuleID, id)
					whens := must(automation.Whens(ctx, tx, []string{e.Cause}))
					s.want("why", whens[e.Cause].Words(ctx, nil), "a ticket comes")
				}
			}
			if byRule < 3 {
				s.Errorf("%d events are the rule's", byRule)
			}
			return nil
		})
		s.want("runs", len(s.runs(id, "")), 1)
	})
}

func TestOldAndNewValues(t *testing.T) {
	each(t, func(s *stage) {
		s.on("when priority changed from low to high, urgent\nthen tag raised")
		s.on("when status changed from open\nthen tag left-open")
		s.on("when assignee changed to amara@example.org\nthen tag hers")
		s.on("when assignee changed to nobody\nthen tag nobodys")
		s.on("when tag added vpn\nthen set kind request")
		s.on("when tag removed\nthen tag lighter")
		do := func(id int64, deed ticket.Deed, value string) {
			s.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := s.desk.Apply(ctx, tx, ticket.By{Actor: s.amara}, id, []ticket.Action{{Do: deed, Value: value}})
				return err
			})
		}
		x := s.comes("Printer").ID
		do(x, ticket.DoPriority, "urgent")
		s.want("normal to urgent", s.tags(x), "")
		do(x, ticket.DoPriority, "low")
		do(x, ticket.DoPriority, "high")
		s.want("low to high", s.tags(x), "raised")
		do(x, ticket.DoAssign, "me")
		s.want("given", s.tags(x), "hers raised")
		do(x, ticket.DoAssign, "nobody")
		s.want("given back", s.tags(x), "hers nobodys raised")
		do(x, ticket.DoUntag, "hers")
		s.want("untagged", s.tags(x), "lighter nobodys raised")
		do(x, ticket.DoTag, "VPN")
		s.want("kind", s.get(x).Kind, ticket.Request)
		do(x, ticket.DoStatus, "pending")
		if !strings.Contains(s.tags(x), "left-open") {
			s.Errorf("tags are %q", s.tags(x))
		}
	})
}

func TestOrderAndStop(t *testing.T) {
	each(t, func(s *stage) {
		s.on("when a ticket comes\nthen tag first")
		second := s.on("when a ticket comes\nif tag:first\nthen tag second\nstop")
		s.on("when a ticket comes\nthen tag third")
		x := s.comes("Printer")
		s.want("tags", s.tags(x.ID), "first second")
		s.write(func(ctx context.Context, tx *db.Tx) error { return automation.Place(ctx, tx, s.lena, second, true) })
		x = s.comes("Printer")
		s.want("tags when it is asked before", s.tags(x.ID), "first third")
	})
}

func TestSwitchedOff(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when a ticket comes\nthen tag x")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := automation.Switch(ctx, tx, s.lena, id, false, false)
			return err
		})
		s.want("tags", s.tags(s.comes("Printer").ID), "")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			what := ""
			for _, v := range must(automation.Versions(ctx, tx, id)) {
				what = v.What + " " + what
			}
			s.want("versions", what, "saved on off ")
			_, err := automation.Save(ctx, tx, s.amara, automation.Rule{Name: "x"})
			if err == nil {
				s.Error("an agent saved a rule")
			}
			return nil
		})
	})
}

func TestAFailingRuleUndoesOnlyItself(t *testing.T) {
	each(t, func(s *stage) {
		bad := s.on("rule Bad\nwhen a ticket comes\nthen tag half\nthen assign amara@example.org")
		s.on("when a ticket comes\nthen tag good")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE person SET role = 'requester' WHERE id = $1`, s.amara.ID)
			return err
		})
		for range 3 {
			s.want("tags", s.tags(s.comes("Printer").ID), "good")
		}
		failures := s.runs(bad, automation.Failed)
		s.want("failures", len(failures), 3)
		if !strings.Contains(failures[0].Detail, "at the desk") {
			s.Errorf("it says %q", failures[0].Detail)
		}
		s.want("told", len(s.told), 1)
		s.now = s.now.Add(61 * time.Minute)
		s.comes("Printer")
		s.want("told after an hour", len(s.told), 2)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			s.want("still on", must(automation.Get(ctx, tx, bad)).Active, true)
			return nil
		})
	})
}

func TestARuleSeesWhatItsOwnerSees(t *testing.T) {
	each(t, func(s *stage) {
		lenas := s.on("when a ticket comes\nthen tag lenas")
		s.onFor(s.jonas, "when a ticket comes\nthen tag jonas", false)
		private := func(n *ticket.New) { n.Team = s.payroll }
		s.want("tags", s.tags(s.comes("Salary", private).ID), "jonas")
		s.want("tags in the open", s.tags(s.comes("Salary").ID), "jonas lenas")
		s.want("what Lena's rule did", len(s.runs(lenas, "")), 1)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			d := automation.Definition{When: []automation.When{{On: automation.Comes}}, Then: []automation.Deed{{Do: automation.MoveTo, Value: "payroll"}}}
			if _, err := automation.Save(ctx, tx, s.lena, automation.Rule{Name: "x", Definition: d}); err == nil {
				s.Error("a rule of Lena's may move tickets to a team that she may not know of")
			}
			return nil
		})
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE person SET active = FALSE WHERE id = $1`, s.lena.ID)
			return err
		})
		s.want("tags when Lena is gone", s.tags(s.comes("Salary").ID), "jonas")
		s.want("told", len(s.told), 1)
	})
}

func TestLoopsEnd(t *testing.T) {
	each(t, func(s *stage) {
		ping := s.on("when tag added ping\nthen untag ping\nthen tag pong")
		pong := s.on("when tag added pong\nthen untag pong\nthen tag ping")
		x := s.comes("Printer").ID
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.SetTags(ctx, tx, ticket.By{Actor: s.amara}, x, []string{"ping"})
		})
		s.want("ping acted", len(s.runs(ping, automation.Acted)), 1)
		s.want("pong acted", len(s.runs(pong, automation.Acted)), 1)
		s.want("held back", len(s.runs(ping, automation.Held)), 1)
		s.want("told", len(s.told), 1)
	})
}

func TestAtMostSoOftenAnHour(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when a note is written\nthen note\n  | Seen.")
		x := s.comes("Printer").ID
		for range 12 {
			s.now = s.now.Add(time.Minute)
			s.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := s.desk.Note(ctx, tx, ticket.By{Actor: s.amara}, x, ticket.Draft{Text: "Hm."})
				return err
			})
		}
		s.want("acted", len(s.runs(id, automation.Acted)), 10)
		for _, m := range s.said(x) {
			if m.Text == "Seen." && m.AuthorID != 0 {
				s.Error("what a rule writes has an author")
			}
		}
		s.now = s.now.Add(time.Hour)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.desk.Note(ctx, tx, ticket.By{Actor: s.amara}, x, ticket.Draft{Text: "Hm."})
			return err
		})
		s.want("acted an hour later", len(s.runs(id, automation.Acted)), 11)
	})
}

func TestAStormIsDoneInParts(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when priority changed to high\nthen tag high")
		var ids []int64
		for i := range 230 {
			ids = append(ids, s.comes("Printer "+strconv.Itoa(i)).ID)
		}
		for _, x := range ids {
			s.write(func(ctx context.Context, tx *db.Tx) error {
				return s.desk.SetPriority(ctx, tx, ticket.By{Actor: s.amara}, x, ticket.High)
			})
		}
		s.want("at once", len(s.runs(id, automation.Acted)), 200)
		s.want("told", len(s.told), 1)
		for range 3 {
			s.now = s.now.Add(16 * time.Second)
			must(s.queue.Drain(s.Context()))
		}
		s.want("in the end", len(s.runs(id, automation.Acted)), 230)
		s.want("the last", s.tags(ids[229]), "high")
	})
}

func TestAnswersOfRules(t *testing.T) {
	each(t, func(s *stage) {
		id := s.on("when a ticket comes\nthen reply\n  | Hello {{requester.first_name}} {{organisation}}, we have **{{ticket.number}}**.\nthen tag received")
		x := s.comes("Printer")
		m := s.said(x.ID)[1]
		s.want("text", m.Text, "Hello Hana, we have **#"+strconv.FormatInt(x.ID, 10)+"**.")
		s.want("automatic", m.Automatic, true)
		s.want("author", m.AuthorID, int64(0))
		s.want("status", x.Status, ticket.StatusNew)
		s.want("no first answer", x.AnsweredAt, 0*x.AnsweredAt)
		if x.WaitingSince == 0 {
			s.Error("nobody waits any more")
		}
		byProgram := s.comes("Backup failed", func(n *ticket.New) { n.Message.Automatic = true })
		s.want("messages", len(s.said(byProgram.ID)), 1)
		s.want("tags", s.tags(byProgram.ID), "received")
		s.want("held back", s.runs(id, automation.Held)[0].Detail, "It did not answer, because a program wrote the message.")
		s.engine.MayMail = func(context.Context, *db.Tx, string) (bool, error) { return false, nil }
		s.want("messages when mail is held", len(s.said(s.comes("Printer").ID)), 1)
	})
}

func TestPeopleAreTold(t *testing.T) {
	each(t, func(s *stage) {
		var people []int64
		s.engine.Notify = func(_ context.Context, _ *db.Tx, _ ticket.Ticket, _ int64, _ string, who []int64, text string) error {
			people = who
			s.told = append(s.told, text)
			return nil
		}
		s.on("when priority changed to urgent\nthen assign amara@example.org\nthen notify assignee, owner, team, jonas@example.org\n  | {{ticket.subject}} is urgent.")
		x := s.comes("Printer").ID
		s.write(func(ctx context.Context, tx *db.Tx) error {
			return s.desk.SetPriority(ctx, tx, ticket.By{Actor: s.amara}, x, ticket.Urgent)
		})
		s.want("text", strings.Join(s.told, "; "), "Printer is urgent.")
		if len(people) != 3 || people[0] != s.amara.ID || people[1] != s.lena.ID || people[2] != s.jonas.ID {
			s.Errorf("told were %v", people)
		}
	})
}

func TestImportedTicketsSetNothingGoing(t *testing.T) {
	each(t, func(s *stage) {
		s.on("when a ticket comes\nthen tag x")
		x := s.comes("Old", func(n *ticket.New) { n.At, n.Message.At = s.now.Add(-time.Hour), s.now.Add(-time.Hour) })
		s.want("tags", s.tags(x.ID), "")
	})
}

func TestSaveSaysWhatIsWrong(t *testing.T) {
	each(t, func(s *stage) {
		for text, want := range map[string]string{
			"when a ticket comes\nif team:nowhere\nthen tag x":                "nowhere",
			"when a ticket comes\nthen assign nobody@nowhere.example":         "Nobody here has the address",
			"when a ticket comes\nthen assign hana@example.org":               "works at the desk",
			"when a ticket comes\nthen move to nowhere":                       "There is no team",
			"when a ticket comes\nthen reply macro 99":                        "There is no such macro",
			"when a ticket comes\nthen note":                                  "Please write the text",
			"when a ticket comes\nthen note\n  | {{nonsense}}":                "There is no variable",
			"when a ticket comes\nthen snooze forever":                        "Please say how long",
			"when a ticket comes\nthen webhook http://127.0.0.1/hook":         "This address is not called",
			"when a ticket comes\nthen webhook ftp://example.com":             "This address is not called",
			"when a ticket comes\nthen create ticket for a@b.example about x": "Tickets are made by recurrences alone",
			"when team changed to nowhere\nthen tag x":                        "There is no team",
		} {
			_, d, err := automation.Parse(text)
			if err != nil {
				s.Fatal(text, err)
			}
			s.write(func(ctx context.Context, tx *db.Tx) error {
				r := automation.Rule{Name: "x", Definition: d}
				err := automation.Check(ctx, tx, s.lena, &r)
				if err == nil || !strings.Contains(words(err), want) {
					s.Errorf("%q: %v (%s), want %q", text, err, words(err), want)
				}
				return nil
			})
		}
		_ = person.System
	})
}
