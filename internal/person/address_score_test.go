package person_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goodturn/internal/person"
)

// TestScoreValidAddress holds ValidAddress against the cases of isemail: what is valid there
// must be accepted and what is an error there refused. Quoted local parts, comments, literals and
// deprecated forms are left out: nobody has such an address.
func TestScoreValidAddress(t *testing.T) {
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the shared test data is needed")
	}
	files, err := filepath.Glob(filepath.Join(root, "mail", "addresses-isemail", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	right, all := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases struct {
			Tests []struct {
				Address  string `xml:"address"`
				Category string `xml:"category"`
			} `xml:"test"`
		}
		if err := xml.Unmarshal(raw, &cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases.Tests {
			// Control characters stand there as their pictures.
			address := strings.Map(func(r rune) rune {
				if r >= 0x2400 && r < 0x2420 {
					return r - 0x2400
				}
				return r
			}, c.Address)
			valid := c.Category == "ISEMAIL_VALID_CATEGORY" || c.Category == "ISEMAIL_DNSWARN"
			if !valid && c.Category != "ISEMAIL_ERR" {
				continue
			}
			all++
			if person.ValidAddress(address) == valid {
				right++
			} else {
				t.Logf("   wrong: %q is %s", address, c.Category)
			}
		}
	}
	t.Logf("addresses accepted or refused rightly: %d of %d", right, all)
	if right*100 < all*99 {
		t.Errorf("only %d of %d", right, all)
	}
}
