package e2e

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "serve", "demo", "check", "mail", "mail parse", "mail deliver", "import", "import jsonl", "person", "person add", "token", "token create", "bench", "version"} {
		args := append(strings.Fields(command), "--help")
		got := runProgram(t, nil, "", args...).want(0, strings.TrimSpace("Usage: goodturn "+command))
		if got.stderr != "" || !strings.Contains(got.stdout, "--help") {
			t.Errorf("%s: %q\n%s", command, got.stderr, got.stdout)
		}
	}
	runProgram(t, nil, "", "serv").want(64, "--help")
	runProgram(t, nil, "", "serve", "--nonsense").want(64, "--nonsense")
	runProgram(t, nil, "", "serve", "--zone", "Atlantis/Capital").want(64, "Atlantis/Capital")
}

func TestVersion(t *testing.T) {
	t.Parallel()
	got := runProgram(t, nil, "", "version", "--json").want(0)
	var v struct{ Version, Commit, Go *string }
	must(t, json.Unmarshal([]byte(got.stdout), &v))
	if v.Version == nil || *v.Version == "" || v.Commit == nil || v.Go == nil {
		t.Errorf("got %s", got.stdout)
	}
	runProgram(t, nil, "", "version").want(0, *v.Version)
}

// parseKeys are the keys that every object of "mail parse --json" has.
var parseKeys = strings.Fields("file from to cc reply_to subject date message_id in_reply_to references text html new_text quoted_text signature forwarded attachments kind automatic calendar bounces language authentication signed encrypted warnings")

// All mails that there are, good and bad, go through one process: an object a line, in order, in time.
func TestParseCorpus(t *testing.T) {
	t.Parallel()
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set: the shared test data is needed")
	}
	args := []string{"mail", "parse", "--json"}
	must(t, filepath.WalkDir(filepath.Join(root, "mail"), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			args = append(args, path)
		}
		return err
	}))
	files := args[3:]
	if len(files) < 500 {
		t.Fatalf("only %d files", len(files))
	}
	c := exec.Command(program, args...)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, spawn(c))
	in := bufio.NewReader(out)
	before, slowest, slow := time.Now(), time.Duration(0), ""
	for _, file := range files {
		line, err := in.ReadBytes('\n')
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if took := time.Since(before); took > slowest {
			slowest, slow = took, filepath.Base(file)
		}
		checkParsed(t, file, line)
		before = time.Now()
	}
	if rest, _ := in.ReadString(0); rest != "" {
		t.Errorf("there is more: %.200s", rest)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	t.Logf("%d files, the slowest %s in %s", len(files), slow, slowest)
	if slowest > 5*time.Second {
		t.Errorf("%s took %s", slow, slowest)
	}
	runProgram(t, nil, "", "mail", "parse", "--json", files[0], filepath.Join(root, "not there"), files[1]).want(65, "not there", files[1])
	if got := runProgram(t, nil, "<p>Hello <b>there</b></p>", "mail", "parse", "--json", "--body", "html", "-").want(0, `"file":"-"`); !strings.Contains(got.stdout, "Hello there") {
		t.Errorf("got %s", got.stdout)
	}
}

func checkParsed(t *testing.T, file string, line []byte) {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(line, &object); err != nil {
		t.Fatalf("%s: %v\n%.200s", file, err, line)
	}
	var name string
	if err := json.Unmarshal(object["file"], &name); err != nil || name != strings.ToValidUTF8(file, "\uFFFD") {
		t.Errorf("file %q, want %q", name, file)
	}
	for _, key := range parseKeys {
		if _, ok := object[key]; !ok {
			t.Errorf("%s: no %s", file, key)
		}
	}
	if len(object) != len(parseKeys) {
		var extra []string
		for key := range object {
			if !slices.Contains(parseKeys, key) {
				extra = append(extra, key)
			}
		}
		t.Errorf("%s: more keys: %q", file, extra)
	}
}
