package forecast_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/forecast"
)

// The little real data with dates that there is: incidents of three days, and mails of fourteen weeks. The figures stand in docs/rota-plan.md.
//
//	GOODTURN_TESTDATA=… go test ./internal/forecast -run RealArrivals -v
func TestRealArrivals(t *testing.T) {
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the shared test data is needed")
	}
	incidents := hourly(incidents(t, filepath.Join(root, "tickets", "incident-log", "incident_event_log.csv.gz")))
	var little *forecast.TooLittle
	if _, err := forecast.Fit(incidents, forecast.Desk{Zone: berlin}); !errors.As(err, &little) {
		t.Errorf("three days of incidents give %v; they are too little to foretell anything", err)
	}
	t.Logf("incidents: %v", little)
	summer := slices.DeleteFunc(mails(t, filepath.Join(root, "spam")), func(at time.Time) bool {
		return at.Before(time.Date(2002, 7, 8, 0, 0, 0, 0, time.UTC)) || !at.Before(time.Date(2002, 10, 14, 0, 0, 0, 0, time.UTC))
	})
	h := hourly(summer)
	for _, ahead := range []int{1, 2} {
		e := forecast.Backtest(h, forecast.Desk{}, ahead)
		t.Logf("%d mails, %d weeks ahead, %d weeks: hours %.2f, days %.2f (off, as last week, chance)", len(summer), ahead, e.Weeks, e.Hours, e.Days)
		if e.Weeks == 0 || e.Days.Off > e.Days.AsLastWeek {
			t.Errorf("%d weeks ahead: %+v", ahead, e)
		}
	}
}

// hourly counts moments by hour, from the Monday before the first to the end of the last hour.
func hourly(all []time.Time) forecast.Hours {
	slices.SortFunc(all, time.Time.Compare)
	first := all[0].UTC().Truncate(24 * time.Hour)
	first = first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	h := forecast.Hours{From: clock.From(first), Counts: make([]int, int(all[len(all)-1].Sub(first).Hours())+1)}
	for _, at := range all {
		h.Counts[int(at.Sub(first).Hours())]++
	}
	return h
}

func incidents(t *testing.T, path string) (out []time.Time) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number, opened := slices.Index(rows[0], "number"), slices.Index(rows[0], "opened_at")
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		if at, err := time.ParseInLocation("02-01-2006 15:04", r[opened], berlin); err == nil && !seen[r[number]] {
			seen[r[number]] = true
			out = append(out, at)
		}
	}
	return out
}

func mails(t *testing.T, dir string) (out []time.Time) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no mails: %v", err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := mail.ReadMessage(f); err == nil {
			if at, err := m.Header.Date(); err == nil {
				out = append(out, at)
			}
		}
		f.Close()
	}
	return out
}
