package handoff_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/handoff"
)

func TestReadMinutes(t *testing.T) {
	for line, want := range map[string]struct {
		minutes int
		words   string
	}{
		"15 min printer":             {15, "printer"},
		"15min":                      {15, ""},
		"Re: AW: 20 Minuten Drucker": {20, "Drucker"},
		"1 h":                        {60, ""},
		"1,5 Std. VPN for Hana":      {90, "VPN for Hana"},
		"1.25h: mail":                {75, "mail"},
		"1 h 20 min mail merge":      {80, "mail merge"},
		"0:45 - wifi":                {45, "wifi"},
		"5' keyboard":                {5, "keyboard"},
		"1440 min":                   {1440, ""},
		"1441 min":                   {},
		"0 min nothing":              {},
		"25 h":                       {},
		"printer 15 min":             {},
		"15 printers":                {},
		"15 minor things":            {},
		"15":                         {},
		"":                           {},
		"99999999999999999999 min":   {},
	} {
		minutes, words, ok := handoff.ReadMinutes(line)
		if minutes != want.minutes || words != want.words || ok != (want.minutes > 0) {
			t.Errorf("%q: %d %q %v, want %d %q", line, minutes, words, ok, want.minutes, want.words)
		}
	}
}

func FuzzReadMinutes(f *testing.F) {
	for _, s := range []string{"15 min printer", "1,5 h", "0:45", "re: 5m\u00a0x", "1 h 99 min"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		minutes, words, ok := handoff.ReadMinutes(line)
		if ok != (minutes > 0) || minutes > handoff.MaxMinutes || !strings.Contains(strings.ReplaceAll(line, "\u00a0", " "), words) {
			t.Errorf("%q: %d %q %v", line, minutes, words, ok)
		}
	})
}

func (o *office) note(e handoff.Entry) (id int64) {
	o.Helper()
	o.write(func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = handoff.Note(ctx, tx, o.jo.ID, e)
		return err
	})
	return id
}

func TestALedgerIsItsOwnersAlone(t *testing.T) {
	each(t, func(o *office) {
		id := o.note(handoff.Entry{Minutes: 15, Words: " printer\r\n jam ", Whom: "Hana"})
		o.write(func(ctx context.Context, tx *db.Tx) error {
			mine, err := handoff.Entries(ctx, tx, o.jo.ID, 0, 0, 10)
			if err != nil || len(mine) != 1 || mine[0].Words != "printer jam" || mine[0].At != tx.Now && mine[0].At == 0 {
				o.Errorf("%+v %v", mine, err)
			}
			others, err := handoff.Entries(ctx, tx, o.hana.ID, 0, 0, 10)
			if err != nil || len(others) != 0 {
				o.Errorf("Hana has %+v %v", others, err)
			}
			for name, do := range map[string]func() error{
				"read":    func() error { _, err := handoff.EntryOf(ctx, tx, o.hana.ID, id); return err },
				"change":  func() error { return handoff.Change(ctx, tx, o.hana.ID, handoff.Entry{ID: id, Minutes: 1}) },
				"remove":  func() error { return handoff.Remove(ctx, tx, o.hana.ID, id) },
				"restore": func() error { return handoff.Restore(ctx, tx, o.hana.ID, id) },
			} {
				if err := do(); !fault.Is(err, fault.KindNotFound) {
					o.Errorf("Hana may %s: %v", name, err)
				}
			}
			if err := handoff.Change(ctx, tx, o.jo.ID, handoff.Entry{ID: id, Minutes: 20, Words: "VPN"}); err != nil {
				return err
			}
			if err := handoff.Remove(ctx, tx, o.jo.ID, id); err != nil {
				return err
			}
			if mine, err = handoff.Entries(ctx, tx, o.jo.ID, 0, 0, 10); err != nil || len(mine) != 0 {
				o.Errorf("removed, there is %+v %v", mine, err)
			}
			if err := handoff.Restore(ctx, tx, o.jo.ID, id); err != nil {
				return err
			}
			if mine, err = handoff.Entries(ctx, tx, o.jo.ID, 0, 0, 10); err != nil || len(mine) != 1 || mine[0].Minutes != 20 || mine[0].Words != "VPN" {
				o.Errorf("%+v %v", mine, err)
			}
			return nil
		})
		for _, wrong := range []handoff.Entry{{Minutes: 0}, {Minutes: handoff.MaxMinutes + 1}, {Minutes: 5, Words: strings.Repeat("x", 201)}, {Minutes: 5, At: clock.Now().Add(time.Hour)}, {Minutes: 5, At: 1}} {
			err := o.db.Write(o.Context(), func(tx *db.Tx) error {
				_, err := handoff.Note(o.Context(), tx, o.jo.ID, wrong)
				return err
			})
			if !fault.Is(err, fault.KindInvalid) {
				o.Errorf("%+v: %v", wrong, err)
			}
		}
	})
}

func TestMinutesBeforeHandingOnAreNotedOnce(t *testing.T) {
	each(t, func(o *office) {
		_, token := o.asks(o.hana)
		for _, minutes := range []int{10, 30} {
			s := o.state(token)
			o.write(func(ctx context.Context, tx *db.Tx) error { return o.keeper.NoteHanded(ctx, tx, s, minutes) })
		}
		if s := o.state(token); s.Minutes != 30 {
			o.Errorf("%d minutes", s.Minutes)
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			all, err := handoff.Entries(ctx, tx, o.jo.ID, 0, 0, 10)
			if len(all) != 1 || all[0].Minutes != 30 || all[0].Whom != "hana" || all[0].HandedID == 0 {
				o.Errorf("%+v", all)
			}
			return err
		})
	})
}

// TestTheRule holds the numbers of the worked example in docs/hand-off.md.
func TestTheRule(t *testing.T) {
	now := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC) // a Wednesday
	monday := func(weeksAgo int) time.Time { return time.Date(2026, 11, 16-7*weeksAgo, 10, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		weeks     []int // minutes of the last full weeks, the newest first
		reckoning handoff.Reckoning
		want      handoff.Advice
		month     int64
	}{
		"nothing noted":             {nil, handoff.Reckoning{WeekMinutes: 240}, handoff.CannotSay, 0},
		"three weeks":               {[]int{300, 300, 300}, handoff.Reckoning{WeekMinutes: 240}, handoff.CannotSay, 0},
		"five hours a week":         {[]int{300, 300, 240, 270}, handoff.Reckoning{Hourly: 40_00, WeekMinutes: 240}, handoff.ItIsTime, 801_66},
		"one week a minute short":   {[]int{300, 300, 239, 270}, handoff.Reckoning{WeekMinutes: 240}, handoff.Perhaps, 0},
		"an hour and a half":        {[]int{90, 60, 120, 105}, handoff.Reckoning{Hourly: 40_00, WeekMinutes: 240, Monthly: 600_00}, handoff.NotYet, 270_83},
		"dearer than help":          {[]int{90, 60, 120, 105}, handoff.Reckoning{Hourly: 40_00, WeekMinutes: 240, Monthly: 270_00}, handoff.ItIsTime, 270_83},
		"as dear if a third is not": {[]int{90, 60, 120, 105}, handoff.Reckoning{Hourly: 40_00, WeekMinutes: 240, Monthly: 400_00}, handoff.Perhaps, 270_83},
		"a week without any":        {[]int{600, 0, 600, 600, 600}, handoff.Reckoning{WeekMinutes: 240}, handoff.NotYet, 0},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(o *office) {
				o.write(func(ctx context.Context, tx *db.Tx) error {
					tx.Now = clock.From(now)
					if err := handoff.SaveReckoning(ctx, tx, o.jo.ID, c.reckoning); err != nil {
						return err
					}
					for i, minutes := range c.weeks {
						if minutes == 0 {
							continue
						}
						id, err := handoff.Note(ctx, tx, o.jo.ID, handoff.Entry{Minutes: minutes, Words: "Printer", At: clock.From(monday(i + 1))})
						if err != nil {
							return err
						}
						if _, err := tx.Exec(ctx, `UPDATE help_entry SET noted_at = at WHERE id = $1`, id); err != nil {
							return err
						}
					}
					got, err := handoff.CostOf(ctx, tx, o.jo.ID, time.UTC)
					if err != nil {
						return err
					}
					if got.Advice != c.want || c.want != handoff.CannotSay && got.Month != c.month {
						o.Errorf("%+v", got.Verdict)
					}
					for i, minutes := range c.weeks {
						if got.Weeks[i].Minutes != minutes {
							o.Errorf("week %d has %d", i, got.Weeks[i].Minutes)
						}
					}
					return nil
				})
			})
		})
	}
}

func TestACostPageIsShownUntilItEnds(t *testing.T) {
	each(t, func(o *office) {
		var path string
		var id int64
		o.write(func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = handoff.Show(ctx, tx, o.jo.ID, true)
			path = strings.TrimPrefix(o.keeper.ShownPath(id), "/cost/")
			return err
		})
		over := func(token string) bool {
			err := o.db.Read(o.Context(), func(tx *db.Tx) error {
				_, err := o.keeper.OpenShown(o.Context(), tx, token)
				return err
			})
			if err != nil && !fault.Is(err, fault.KindNotFound) {
				o.Fatal(err)
			}
			return err != nil
		}
		if over(path) {
			o.Error("the page is not shown")
		}
		for _, forged := range []string{"", ".", path + "a", path[:len(path)-1], "0" + path, "1", "\xff"} {
			if !over(forged) {
				o.Errorf("%q is shown", forged)
			}
		}
		o.write(func(ctx context.Context, tx *db.Tx) error { return handoff.EndShown(ctx, tx, o.hana.ID, id) })
		if over(path) {
			o.Error("Hana ended Jo's page")
		}
		o.write(func(ctx context.Context, tx *db.Tx) error { return handoff.EndShown(ctx, tx, o.jo.ID, id) })
		if !over(path) {
			o.Error("ended, it is still shown")
		}
	})
}

func TestTotalsNeedThreeWhoLetThemselvesBeCounted(t *testing.T) {
	each(t, func(o *office) {
		o.asks(o.hana)
		for i, who := range []int64{o.jo.ID, o.hana.ID, o.zoe.ID} {
			o.write(func(ctx context.Context, tx *db.Tx) error {
				before, err := handoff.TotalsNow(ctx, tx)
				if err != nil || before.WeekMinutes != 0 || before.HandedOn != 0 {
					o.Errorf("with %d who keep a ledger: %+v %v", i, before, err)
				}
				if _, err := handoff.Note(ctx, tx, who, handoff.Entry{Minutes: 120}); err != nil {
					return err
				}
				return handoff.SaveReckoning(ctx, tx, who, handoff.Reckoning{WeekMinutes: 240, Counted: true})
			})
		}
		o.write(func(ctx context.Context, tx *db.Tx) error {
			got, err := handoff.TotalsNow(ctx, tx)
			if got != (handoff.Totals{Keepers: 3, WeekMinutes: 90, HandedOn: 1}) {
				o.Errorf("%+v", got)
			}
			return err
		})
	})
}
