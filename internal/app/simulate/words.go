package simulate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// things and troubles make the simulation's own words.
var (
	things   = strings.Split("the printer on floor 2|my laptop|the VPN|the mail program|the badge reader|the second screen|the calendar on my phone|the meeting room sound|the scanner|the ordering system|my password|the shared folder|the web page for travel|the headset|the docking station|the label printer", "|")
	troubles = strings.Split("does not start|is very slow since this morning|asks for a password again and again|shows half a page only|cannot be found any more|stopped in the middle of my work|says that access is denied|makes a strange noise|is gone after the update|freezes every few minutes", "|")
	details  = strings.Split("I have started it anew twice.|My colleague has the same.|It worked yesterday.|There is a customer waiting.|I can work without it today, but not tomorrow.|The message is gone too fast to read.|It is the third time this month.|No hurry.", "|")
	// outageTexts are what many write about at once.
	outageTexts = strings.Split("No network on the whole floor|Mail does not go out|The ordering system is down|Nobody can sign in|The phones are silent", "|")
)

// words draws what somebody writes.
func (s *simulation) words(outage string) Text {
	switch {
	case outage != "":
		return Text{outage, outage + ". " + pick(s.r, details)}
	case len(s.Texts) > 0:
		return pick(s.r, s.Texts)
	}
	what := pick(s.r, things) + " " + pick(s.r, troubles)
	what = strings.ToUpper(what[:1]) + what[1:]
	return Text{what, "Hello,\n\n" + what + ". " + pick(s.r, details) + "\n\nThank you"}
}

// ReadTexts reads what people write from JSON lines with "subject" and "text", or from plain lines, each a text. What cannot be read is
// said with its line.
func ReadTexts(r io.Reader) (all []Text, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		t := Text{Text: line}
		if strings.HasPrefix(line, "{") {
			var x struct{ Subject, Text string }
			if err := json.Unmarshal([]byte(line), &x); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			t = Text(x)
		}
		if t.Text != "" {
			all = append(all, t)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read the texts: %w", err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there are no texts in it: a line is a text, or {\"subject\": …, \"text\": …}")
	}
	return all, nil
}
