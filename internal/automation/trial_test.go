package automation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"goodturn/internal/automation"
	"goodturn/internal/db"
	"goodturn/internal/ticket"
)

// try runs a dry run of Lena's to its end.
func (s *stage) try(text string) (t automation.Trial) {
	s.Helper()
	name, d, err := automation.Parse(text)
	if err != nil {
		s.Fatal(err)
	}
	var id int64
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.engine.StartTrial(ctx, tx, s.lena, automation.Rule{Name: name, Definition: d})
		return err
	})
	if err := s.engine.RunTrial(s.Context(), id, time.Minute); err != nil {
		s.Fatal(err)
	}
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = automation.GetTrial(ctx, tx, s.lena, id)
		return err
	})
	s.want("state", t.State, "done")
	return t
}

func hits(t automation.Trial) string {
	var out []string
	for _, h := range t.Result.Hits {
		var all []string
		for _, c := range h.Changes {
			all = append(all, fmt.Sprintf("%s %s>%s", c.Do, c.Before, c.After))
		}
		out = append(out, h.Subject+": "+strings.Join(all, ", "))
	}
	return strings.Join(out, "; ")
}

func TestADryRunReadsTheSpineAgain(t *testing.T) {
	each(t, func(s *stage) {
		s.comes("Long ago")
		s.now = s.now.Add(31 * 24 * time.Hour)
		vpn := s.comes("VPN")
		s.comes("Printer")
		private := s.comes("Salary", func(n *ticket.New) { n.Team = s.payroll })
		s.now = s.now.Add(time.Hour)
		s.write(func(ctx context.Context, tx *db.Tx) error {
			by := ticket.By{Actor: s.amara}
			if err := s.desk.SetTags(ctx, tx, by, vpn.ID, []string{"vpn"}); err != nil {
				return err
			}
			return s.desk.SetPriority(ctx, tx, by, vpn.ID, ticket.Urgent)
		})
		s.now = s.now.Add(time.Hour)
		s.status(vpn.ID, ticket.Pending)

		trial := s.try("when a ticket comes\nif priority:normal\nthen set priority high\nthen tag new\nthen assign owner\nthen note\n  | Hello")
		s.want("what comes", hits(trial), "Printer: priority normal>high, tag >new, assign nobody>lena@example.org, note >; VPN: priority normal>high, tag >new, assign nobody>lena@example.org, note >")
		s.want("as it was then", trial.Result.Now, false)
		s.want("hits", trial.Hits, int64(2))

		s.want("tagged later", hits(s.try("when a ticket comes\nif tag:vpn\nthen trash")), "")
		s.want("when it was tagged", hits(s.try("when tag added vpn\nif tag:vpn status:new\nthen set status open")), "VPN: status new>open")
		s.want("no change", hits(s.try("when priority changed to urgent\nthen set priority urgent")), "")
		words := s.try("when a ticket comes\nif subject:vpn\nthen tag x")
		s.want("by words", hits(words), "VPN: tag >x")
		s.want("by words, as it is now", words.Result.Now, true)

		s.now = s.now.Add(50 * time.Hour)
		s.want("two days", hits(s.try("when pending for 2 days\nthen set status solved")), "VPN: status pending>solved")
		s.want("three days", hits(s.try("when pending for 3 days\nthen set status solved")), "")
		s.want("new for a minute", hits(s.try("when new for 1 minute\nthen set status open")), "Printer: status new>open; VPN: status new>open")
		s.want("age", hits(s.try("when created 2 days ago\nthen tag aged")), "Printer: tag >aged; VPN: tag >aged")
		s.want("no answer", hits(s.try("when no answer for 2 days\nif subject:vpn\nthen tag x")), "VPN: tag >x")
		s.want("nothing was changed", s.tags(vpn.ID), "vpn")
		s.want("of the private one", s.tags(private.ID), "")
	})
}

func TestADryRunIsOfWhoAskedForIt(t *testing.T) {
	each(t, func(s *stage) {
		s.comes("VPN")
		trial := s.try("when a ticket comes\nthen tag x")
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := automation.GetTrial(ctx, tx, s.jonas, trial.ID); err == nil {
				s.Error("somebody else sees it")
			}
			return nil
		})
		s.want("hits", hits(trial), "VPN: tag >x")
		s.now = s.now.Add(8 * 24 * time.Hour)
		s.write(func(ctx context.Context, tx *db.Tx) error { return automation.Sweep(ctx, tx) })
		s.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := automation.GetTrial(ctx, tx, s.lena, trial.ID); err == nil {
				s.Error("it is kept for ever")
			}
			return nil
		})
	})
}

func TestWarnings(t *testing.T) {
	each(t, func(s *stage) {
		for text, want := range map[string]string{
			"when a ticket comes\nthen tag x":                                                         "acts on every ticket",
			"when a ticket comes\nif team:first-line\nthen tag x":                                     "",
			"when status changed to pending\nif status:open\nthen tag x":                              "can never act",
			"when pending for 2 days\nif -status:pending\nthen tag x":                                 "can never act",
			"when a ticket comes\nif priority:low priority:high\nthen tag x":                          "can never act",
			"when status changed to pending\nif team:first-line\nthen tag x":                          "",
			"when note is written\nthen tag x":                                                        "-",
			"when a note is written\nif team:first-line\nthen note\n  | x":                            "feeds itself: “note”",
			"when tag added\nif tag:a\nthen tag b":                                                    "feeds itself: “tag b”",
			"when priority changed to high, urgent\nif -priority:urgent\nthen set priority urgent":    "",
			"when priority changed to high, urgent\nif team:first-line\nthen set priority urgent":     "feeds itself",
			"when priority changed from normal to high\nif team:first-line\nthen set priority normal": "",
		} {
			_, d, err := automation.Parse(text)
			if err != nil {
				if want != "-" {
					s.Error(text, err)
				}
				continue
			}
			s.write(func(ctx context.Context, tx *db.Tx) error {
				var all []string
				for _, w := range must(automation.Warnings(ctx, tx, s.lena, automation.Rule{Name: "x", Definition: d})) {
					all = append(all, w.String())
				}
				if got := strings.Join(all, " "); got == "" && want != "" || !strings.Contains(got, want) || want == "" && got != "" {
					s.Errorf("%q: %q, want %q", text, got, want)
				}
				return nil
			})
		}
	})
}

func TestReadyMadeRulesAreGood(t *testing.T) {
	each(t, func(s *stage) {
		s.office()
		s.write(func(ctx context.Context, tx *db.Tx) error {
			for _, m := range automation.Models(ctx, tx.Now.Time(), "lena@example.org") {
				for _, r := range must(automation.AddModel(ctx, tx, s.lena, m.Key)) {
					s.want(r.Name, r.Active, false)
					if w := must(automation.Warnings(ctx, tx, s.lena, r)); len(w) > 0 {
						s.Errorf("%s: %v", r.Name, w)
					}
					if _, err := automation.Switch(ctx, tx, s.lena, r.ID, true, false); err != nil {
						s.Error(r.Name, words(err))
					}
				}
			}
			return nil
		})
		x := s.comes("Printer", func(n *ticket.New) { n.Channel, n.Tags = ticket.ByMail, []string{"vip"} })
		all := s.said(x.ID)
		s.want("messages", len(all), 3)
		s.want("priority", x.Priority, ticket.High)
		s.status(x.ID, ticket.Pending)
		for range 9 * 24 * 2 {
			s.now = s.now.Add(time.Hour)
			s.sweep()
		}
		s.want("messages after nine working days", len(s.said(x.ID)), 5)
		s.want("status after nine working days", s.get(x.ID).Status, ticket.Solved)
	})
}
