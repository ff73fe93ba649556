package gap

import "testing"

func TestCompare(t *testing.T) {
	steady := func(n float64, weeks int) []float64 {
		out := make([]float64, weeks)
		for i := range out {
			out[i] = n + float64(i%3) - 1
		}
		return out
	}
	for _, c := range []struct {
		name                         string
		was, is, othersWas, othersIs float64
		others                       int
		want                         Verdict
		least, greatest              float64
	}{
		{"halved while others stayed", 20, 10, 60, 60, 12, Fell, 0.4, 0.6},
		{"halved as everything was", 20, 10, 60, 30, 12, Unclear, 0.8, 1.2},
		{"stayed while others halved", 20, 20, 60, 30, 12, Rose, 1.7, 2.3},
		{"a little fewer of few", 3, 2, 60, 60, 12, Unclear, 0.4, 1},
		{"too few to tell", 0.5, 0, 60, 60, 12, TooFew, 0, 0},
		{"nothing like it", 20, 8, 0, 0, 0, Fell, 0.3, 0.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := compare(Effect{Before: 12, After: 6, Others: c.others},
				&series{before: steady(c.was, 12), after: steady(c.is, 6)}, &series{before: steady(c.othersWas, 12), after: steady(c.othersIs, 6)})
			if e.Verdict != c.want || e.Change < c.least || e.Change > c.greatest || e.Low > e.Change || e.High < e.Change {
				t.Errorf("got %+v, want %s between %v and %v", e, c.want, c.least, c.greatest)
			}
		})
	}
}

// The words of a search are counted without what may tell of a person.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"VPN  einrichten":             "einrichten vpn",
		"vpn, VPN":                    "vpn",
		"mail to anna.b@acme.example": "mail to",
		"invoice 20240112":            "invoice",
		"office 365":                  "365 office",
		"a whole letter of many words that nobody would ever search for": "",
		"  ": "",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}
