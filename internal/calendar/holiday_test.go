package calendar_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goodturn/internal/calendar"
)

// enough is the share of the public days of a region that must be known.
const enough = 0.97

// TestHolidaysAgainstRealLists compares with lists of public holidays made by others, by date and whatever the names, and prints
// what was found:
//
//	GOODTURN_TESTDATA=… go test ./internal/calendar -run RealLists -v
func TestHolidaysAgainstRealLists(t *testing.T) {
	data := os.Getenv("GOODTURN_TESTDATA")
	if data == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	files, err := filepath.Glob(filepath.Join(data, "calendar", "date-holidays", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no lists: %v", err)
	}
	offered := map[string]bool{}
	for _, r := range calendar.Regions() {
		offered[r.Code] = true
	}
	var table strings.Builder
	known, all := map[string]int{}, map[string]int{}
	fmt.Fprintf(&table, "%-9s %-5s %s\n", "region", "year", "public days known, missed, and closed here although not in the list")
	for _, file := range files {
		m := regexp.MustCompile(`^(.+)-(\d{4})\.json$`).FindStringSubmatch(filepath.Base(file))
		region := m[1]
		year, _ := strconv.Atoi(m[2])
		if !offered[region] {
			fmt.Fprintf(&table, "%-9s %-5d not offered: import an iCalendar file\n", region, year)
			continue
		}
		public := publicDays(t, file)
		var missed, more []string
		ours := map[string]string{}
		for _, h := range calendar.Holidays(region, year) {
			ours[h.Date.String()] = h.Name
			if public[h.Date.String()] == "" {
				more = append(more, h.Date.String()[5:]+" "+h.Name)
			}
		}
		for date, name := range public {
			if ours[date] == "" {
				missed = append(missed, date+" "+name)
			}
		}
		slices.Sort(missed)
		all[region] += len(public)
		known[region] += len(public) - len(missed)
		fmt.Fprintf(&table, "%-9s %-5d %d of %d", region, year, len(public)-len(missed), len(public))
		if len(missed) > 0 {
			fmt.Fprintf(&table, "  missed: %s", strings.Join(missed, ", "))
		}
		if len(more) > 0 {
			fmt.Fprintf(&table, "  more: %s", strings.Join(more, ", "))
		}
		table.WriteByte('\n')
	}
	sum, total := 0, 0
	for region, n := range all {
		sum, total = sum+known[region], total+n
		if float64(known[region]) < enough*float64(n) {
			t.Errorf("%s: %d of %d public days are known", region, known[region], n)
		}
	}
	fmt.Fprintf(&table, "all of those offered: %d of %d, %.1f %%\n", sum, total, 100*float64(sum)/float64(total))
	t.Logf("\n%s", table.String())
}

// Days that follow no simple rule, or that were decided after the library was written.
func TestHolidaysThatMove(t *testing.T) {
	for _, c := range []struct {
		region, date string
		kept         bool
	}{
		{"US", "2026-07-03", true},
		{"US", "2021-12-31", true},
		{"US", "2020-06-19", false},
		{"US-NY", "2026-11-03", true},
		{"GB", "2026-12-28", true},
		{"GB-SCT", "2028-01-03", true},
		{"GB-SCT", "2028-01-04", true},
		{"GB-SCT", "2023-01-03", true},
		{"GB-SCT", "2026-04-06", false},
		{"IE", "2026-02-02", true},
		{"IE", "2030-02-01", true},
		{"IE", "2022-02-01", false},
		{"AU-NSW", "2026-04-27", true},
		{"AU-VIC", "2026-04-27", false},
		{"AU-WA", "2026-09-28", true},
		{"AU-ACT", "2026-06-01", true},
		{"NZ", "2026-07-10", true},
		{"NZ", "2028-01-03", true},
		{"NZ", "2028-01-04", true},
		{"JP", "2026-09-22", true},
		{"JP", "2026-05-06", true},
		{"JP", "2027-03-22", true},
		{"DE", "2026-10-31", false},
		{"DE-SN", "2026-11-18", true},
		{"DE-BE", "2028-06-17", true},
		{"DE-BE", "2026-05-08", false},
		{"DE-MV", "2026-03-08", true},
		{"DE-BB", "2026-04-05", true},
		{"DE-BY", "2026-08-15", false},
		{"CH-GE", "2026-09-10", true},
		{"CH-GE", "2026-06-04", false},
		{"CH-VD", "2026-09-21", true},
		{"CH-GL", "2026-04-09", true},
		{"CH-GL", "2026-04-02", false},
		{"CH-VS", "2026-04-03", false},
		{"DK", "2023-05-05", true},
		{"DK", "2024-04-26", false},
		{"PL", "2024-12-24", false},
		{"PL", "2025-12-24", true},
		{"IT", "2026-10-04", true},
		{"CA-BC", "2026-09-30", true},
		{"CA-MB", "2026-09-30", true},
		{"NL", "2025-04-26", true},
		{"NL", "2025-04-27", false},
		{"SE", "2026-06-20", true},
		{"SE", "2026-06-19", false},
		{"GR", "2026-04-13", true},
		{"BR", "2026-11-20", true},
		{"ZA", "2026-08-10", true},
		{"XX", "2026-01-01", false},
	} {
		d := date(c.date)
		if got := slices.ContainsFunc(calendar.Holidays(c.region, d.Year()), func(h calendar.HolidayOn) bool { return h.Date == d }); got != c.kept {
			t.Errorf("%s on %s: %v", c.region, c.date, got)
		}
	}
}

func TestEveryRegionHasItsYear(t *testing.T) {
	for _, r := range calendar.Regions() {
		for year := 2024; year < 2040; year++ {
			all := calendar.Holidays(r.Code, year)
			if len(all) < 5 || len(all) > 25 {
				t.Errorf("%s has %d holidays in %d", r.Code, len(all), year)
			}
			for i, h := range all {
				if h.Name == "" || h.Date.Year() != year || (i > 0 && all[i-1].Date >= h.Date) {
					t.Errorf("%s in %d: %+v", r.Code, year, h)
				}
			}
		}
		if (len(r.Code) > 2) != (r.Name != "") {
			t.Errorf("%s is called %q", r.Code, r.Name)
		}
	}
}

// publicDays reads the public days of a list; one that lasts several days is several.
func publicDays(t *testing.T, file string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Date, Name, Type string
		Start, End       time.Time
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	out := map[string]string{}
	for _, h := range list {
		if h.Type != "public" {
			continue
		}
		first, err := calendar.ParseDate(h.Date[:10])
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		days := calendar.Date(h.End.Sub(h.Start).Round(24*time.Hour) / (24 * time.Hour))
		for d := first; d < first+max(1, days); d++ {
			out[d.String()] = h.Name
		}
	}
	return out
}
