package markdown_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"goodturn/internal/markdown"
)

func node(t *testing.T, js string) markdown.Node {
	t.Helper()
	var n markdown.Node
	if err := json.Unmarshal([]byte(js), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatIsWrittenOnTheSurfaceIsGoodMarkdown(t *testing.T) {
	for _, c := range []struct{ node, want string }{
		{`{"type":"paragraph","content":[{"type":"text","text":"2 * 3 * 4"}]}`, "2 * 3 * 4"},
		{`{"type":"paragraph","content":[{"type":"text","text":"*not* bold, <b>nor</b> &amp;"}]}`, `\*not\* bold, \<b\>nor\</b\> \&amp;`},
		{`{"type":"paragraph","content":[{"type":"text","text":"# no heading"}]}`, `\# no heading`},
		{`{"type":"paragraph","content":[{"type":"text","text":"1. no list"}]}`, `1\. no list`},
		{`{"type":"paragraph","content":[{"type":"text","text":"- no list"}]}`, `\- no list`},
		{`{"type":"paragraph","content":[{"type":"text","text":"a"},{"type":"hard_break"},{"type":"text","text":"- b"}]}`, "a\\\n\\- b"},
		{`{"type":"paragraph","content":[{"type":"text","text":" Note: ","marks":[{"type":"strong"}]},{"type":"text","text":"open"}]}`, "**Note:** open"},
		{`{"type":"paragraph","content":[{"type":"text","text":"a.","marks":[{"type":"strong"}]},{"type":"text","text":"b"}]}`, "<strong>a.</strong>b"},
		{`{"type":"paragraph","content":[{"type":"text","text":"see "},{"type":"text","text":"toner","marks":[{"type":"link","attrs":{"href":"/help/toner (new)"}}]}]}`, "see [toner](</help/toner (new)>)"},
		{`{"type":"paragraph","content":[{"type":"text","text":"https://example.org","marks":[{"type":"link","attrs":{"href":"https://example.org"}}]}]}`, "https://example.org"},
		{"{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"a`b\",\"marks\":[{\"type\":\"code\"}]}]}", "``a`b``"},
		{`{"type":"paragraph","content":[{"type":"image","attrs":{"src":"lid open.png","alt":"the [lid]"}}]}`, `![the \[lid\]](<lid open.png>)`},
		{`{"type":"heading","attrs":{"level":3},"content":[{"type":"text","text":"C #"}]}`, `### C \#`},
		{"{\"type\":\"code_block\",\"attrs\":{\"params\":\"sh\"},\"content\":[{\"type\":\"text\",\"text\":\"a\\n```\\nb\"}]}", "````sh\na\n```\nb\n````"},
		{`{"type":"bullet_list","content":[{"type":"list_item","attrs":{"checked":"no"},"content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]}]},{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"b"}]},{"type":"ordered_list","attrs":{"order":3},"content":[{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"c"}]}]}]}]}]}`, "- [ ] a\n\n- b\n\n  3. c"},
		{`{"type":"table","content":[{"type":"table_row","content":[{"type":"table_header","attrs":{"align":"right","colwidth":null},"content":[{"type":"paragraph","content":[{"type":"text","text":"a|b"}]}]}]},{"type":"table_row","content":[{"type":"table_cell","content":[{"type":"paragraph","content":[{"type":"text","text":"c"}]},{"type":"paragraph","content":[{"type":"text","text":"d"}]}]}]}]}`, "| a\\|b |\n| --: |\n| c<br>d |"},
		{`{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"horizontal_rule"}]}`, "> a\n>\n> ---"},
		{`{"type":"paragraph"}`, ""},
		{`{"type":"video"}`, ""},
	} {
		if got := markdown.Write(node(t, c.node)); got != c.want {
			t.Errorf("%s\n gives %q\n  want %q", c.node, got, c.want)
		}
	}
}

func TestListsBesideEachOtherStayTwo(t *testing.T) {
	one := node(t, `{"type":"bullet_list","content":[{"type":"list_item","content":[{"type":"paragraph","content":[{"type":"text","text":"new"}]}]}]}`)
	blocks := markdown.Blocks("- a\n\nText\n\n- b\n\n    code\n")
	for name, pieces := range map[string][]markdown.Piece{
		"what stood between is gone": {{Source: blocks[0].Source, At: 0}, {Source: blocks[2].Source, At: 2}},
		"one is new":                 {{At: -1, Node: &one}, {Source: blocks[2].Source, At: 2}},
	} {
		text, err := markdown.Join(pieces)
		lists := 0
		for _, b := range markdown.Blocks(text) {
			if b.Node.Type == markdown.BulletList {
				lists++
			}
		}
		if err != nil || lists != 2 {
			t.Errorf("%s: %d lists, %v: %q", name, lists, err, text)
		}
	}
}

func TestWhatNestsTooDeepIsRefused(t *testing.T) {
	n := markdown.Node{Type: markdown.Paragraph}
	for range 5000 {
		n = markdown.Node{Type: markdown.Quotation, Content: []markdown.Node{n}}
	}
	if _, err := markdown.Join([]markdown.Piece{{At: -1, Node: &n}}); err == nil {
		t.Error("it was taken")
	}
}

// FuzzBlocks: whatever a text is, its blocks are it; and what can be changed comes back the same when it is written anew.
func FuzzBlocks(f *testing.F) {
	for _, s := range []string{"a\n\n- b\n- c\n\n1. d\n", "| a | b |\n|---|---|\n| c | d |\n", "[x]: /y\n[^1]: note\n\nsee [x][] and[^1]\n", "~~~\n`\n~~~\n", "> a\nb\n\n***\n", "<div>\n\n*x*</div>\n", "a  \nb\\\nc <br> d", "\\_a_ `` ` `` **x*y*z**", "Term\n: what\n", "- [x] a\n\n  b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(s, "\x00", ""), "\r", ""), "")
		if len(s) > 2000 {
			return
		}
		var whole strings.Builder
		for _, b := range markdown.Blocks(s) {
			whole.WriteString(b.Source)
			if b.Node.Type == markdown.RawBlock {
				continue
			}
			again := markdown.Blocks(markdown.Write(b.Node))
			if len(again) > 0 && len(again) != 1 || len(again) == 1 && !reflect.DeepEqual(again[0].Node, b.Node) && !strings.Contains(s, "]:") {
				t.Errorf("%q is written %q", b.Source, markdown.Write(b.Node))
			}
		}
		if whole.String() != s && strings.TrimSpace(s) != "" {
			t.Errorf("%q became %q", s, whole.String())
		}
	})
}
