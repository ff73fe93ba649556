package mailmsg

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestScoreAddresses reads each address of the list as it would stand in a From
// field: one mailbox with exactly that address must come out.
func TestScoreAddresses(t *testing.T) {
	dir := corpus(t, "mail", "addresses-flanker")
	s := score{name: "addresses as written", floor: 99.5}
	for _, line := range dataLines(t, filepath.Join(dir, "mailbox_valid.txt")) {
		want, bare := line, ""
		if open := strings.LastIndexByte(line, '<'); open >= 0 && strings.HasSuffix(line, ">") {
			want = line[open+1 : len(line)-1]
		} else if strings.Contains(line, "(this is a comment)") {
			want = strings.TrimSpace(strings.Replace(line, "(this is a comment)", "", 1))
		}
		if at := strings.LastIndexByte(want, '@'); at > 0 && want[0] == '"' {
			bare = strings.ReplaceAll(want[1:at-1], `\`, "") // with or without the quotes it is the same mailbox
		}
		list := ParseAddresses([]byte(line))
		ok := len(list) == 1 && (list[0].Address == want || bare != "" && strings.Contains(strings.ReplaceAll(list[0].Address, `\`, ""), bare))
		s.check(ok, fmt.Sprintf("%s: got %q", line, list))
	}
	locals := dataLines(t, filepath.Join(dir, "abridged_localpart_valid.txt"))
	for i, local := range locals {
		line := fmt.Sprintf("Person %d <%s@example.com>, other@example.com", i, local)
		list := ParseAddresses([]byte(line))
		s.check(len(list) == 2 && strings.HasSuffix(list[0].Address, "@example.com") && list[0].Name == fmt.Sprintf("Person %d", i) && list[1].Address == "other@example.com", fmt.Sprintf("%s: got %q", line, list))
	}
	s.report(t)
}

// dataLines are the lines of a list without comments.
func dataLines(t *testing.T, path string) []string {
	t.Helper()
	var list []string
	for line := range strings.Lines(string(readFile(t, path))) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}
