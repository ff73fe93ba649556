package mailmsg

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestQuotesStayCheap holds the rules to Parse's promise on texts that make them
// look again and again.
func TestQuotesStayCheap(t *testing.T) {
	for name, row := range map[string]string{
		"colons":      "a colon and a name 2026:\n",
		"verbs":       "On Mon Ann wrote 10:11 2026:\n\nx\n",
		"addresses":   "On Mon, 2 Mar 2026 Ann <ann@example.com>\n",
		"labels":      "From: a@example.com\nx\n",
		"quotes":      "> a\nb\n",
		"introduced":  "> On Mon, 2 Mar 2026 at 10:11, Ann <ann@example.com> wrote:\n",
		"dashes":      "-- \n",
		"separators":  "---------- a forwarded message ----------\n",
		"angles":      ">>> a 10:11 2026 >>>\n",
		"forward":     "Forwarded:\n\n\n",
		"phones":      "Sent from my iPhone\n",
		"HTML quotes": "<div class=gmail_quote><blockquote>a</blockquote>b<br>c<br></div>\n",
		"HTML div":    "<div class=gmail_quote>a\n<div name=b>\n",
	} {
		text := strings.Repeat(row, 19000*2/(1+strings.Count(row, "\n")))
		start := processorTime(t)
		ParseBody([]byte(text), strings.HasPrefix(name, "HTML"))
		SplitHTML("<pre>"+text+"</pre>", "")
		if took := processorTime(t) - start; took > time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// processorTime is what this process has computed so far; unlike the clock it does not
// depend on what else the machine does.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
