package ticket

import (
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/filter"
	"goodturn/internal/search"
)

// tagField knows a tag, with or without its #.
func tagField(n *narrowing, v filter.Value) (string, error) {
	tag := tagOf(text(v))
	ids, few, err := n.rare("tag "+tag, func(limit int) ([]int64, error) {
		return db.All[int64](n.ctx, n.tx, `SELECT ticket_id FROM ticket_tag WHERE tag = $1 ORDER BY ticket_id DESC LIMIT $2`, tag, limit)
	})
	if err != nil || few {
		return n.in("t.id", ids), err
	}
	return "EXISTS (SELECT 1 FROM ticket_tag g WHERE g.ticket_id = t.id AND g.tag = " + n.args.Add(tag) + ")", nil
}

func tagOf(typed string) string { return strings.ToLower(strings.TrimPrefix(typed, "#")) }

// said is the condition for one of a ticket's texts, or its subject, to hold a word or "phrase".
func (n *narrowing) said(words string) (string, error) { return n.found(words, false) }

// titled is the condition for the subject to hold words.
func (n *narrowing) titled(words string) (string, error) { return n.found(words, true) }

// The documents of a ticket "t" in the index; see document.
var (
	firstDocument = "(t.id * " + strconv.Itoa(1<<documentBits) + ")"
	endDocument   = "((t.id + 1) * " + strconv.Itoa(1<<documentBits) + ")"
)

// found asks the index for words. Those that stand in few documents are looked up; a list that looked for them in the order of
// activity would walk all tickets to find the last one. Of common words the newest documents are known by then, and only older
// tickets are looked at one by one, which costs the index half a millisecond each. Words that nothing can hold, such as "-",
// are in every text.
func (n *narrowing) found(words string, subject bool) (string, error) {
	q := search.Parse(words)
	if q.Empty() {
		return "TRUE", nil
	}
	key := "word " + words
	if subject {
		key = "subject " + words
	}
	ids, few, err := n.rare(key, func(limit int) ([]int64, error) {
		documents, err := search.Documents(n.ctx, n.tx, q, search.Range{To: documentEnd}, subject, limit)
		for i, d := range documents {
			documents[i] = d >> documentBits
		}
		return documents, err
	})
	if err != nil || few {
		return n.in("t.id", ids), err
	}
	newest := n.few[key]
	if len(newest) <= rareList || n.lists == maxLists {
		return search.Matching(n.tx, q, subject, firstDocument, endDocument, n.args), nil
	}
	n.lists++
	newest = slices.Compact(slices.Clone(newest[:rareList]))
	return "CASE WHEN t.id >= " + n.args.Add(newest[len(newest)-1]) + " THEN " + n.in("t.id", newest) +
		" ELSE " + search.Matching(n.tx, q, subject, firstDocument, endDocument, n.args) + " END", nil
}
