package desk_test

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/ticket"
)

func TestExport(t *testing.T) {
	each(t, func(s *stage) {
		for _, who := range []string{"amara", "hana"} {
			s.get(who, "/tickets.csv").want(http.StatusForbidden)
		}
		if n := len(s.get("amara", "/tickets?view=mine").all("a[download]")); n != 0 {
			t.Error("the list offers a file to an agent")
		}
		if n := len(s.get("priya", "/tickets?view=mine&tag=vpn").all("a[href=/tickets.csv?view=mine&tag=vpn]")); n != 1 {
			t.Error("the list offers no file to a lead")
		}
		s.made("=HYPERLINK(\"http://evil.example\")", "first-line", func(n *ticket.New) { n.Tags = []string{"b", "a"} })
		s.made("Comma, \"quote\"", "network")
		s.made("Salary", "people")
		a := s.get("priya", "/tickets.csv?view=all").want(http.StatusOK)
		if ct := a.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/csv") {
			t.Errorf("it is %s", ct)
		}
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 3 || rows[0][0] != "number" || rows[1][1] != "Comma, \"quote\"" || rows[2][1] != "'=HYPERLINK(\"http://evil.example\")" || rows[2][9] != "hana@example.com" || rows[2][10] != "a b" {
			t.Errorf("the file is\n%s", a.body)
		}
		if !strings.HasSuffix(rows[1][12], "Z") || rows[1][14] != "" {
			t.Errorf("the times are %v", rows[1][12:])
		}
		if a := s.get("priya", "/tickets.csv?view=all&team=network").want(http.StatusOK); strings.Count(a.body, "\n") != 2 {
			t.Errorf("narrowed it is\n%s", a.body)
		}
		if a := s.get("priya", "/tickets.csv?view=all&q=comma").want(http.StatusOK); strings.Count(a.body, "\n") != 2 {
			t.Errorf("searched it is\n%s", a.body)
		}
		s.get("priya", "/tickets.csv?q=status:later").want(http.StatusUnprocessableEntity)
		s.audited("tickets exported")
	})
}

func TestExportIsWhole(t *testing.T) {
	each(t, func(s *stage) {
		for i := range 405 {
			s.made("Ticket "+strconv.Itoa(i), "first-line")
		}
		a := s.get("priya", "/tickets.csv?view=ours&cursor=ignored").want(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, r := range rows[1:] {
			seen[r[0]] = true
		}
		if len(seen) != 405 || len(rows) != 406 {
			t.Errorf("%d tickets in %d lines", len(seen), len(rows))
		}
	})
}
