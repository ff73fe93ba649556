package mailmsg

import "strings"

// messageIDs takes the ids out of a Message-ID, In-Reply-To or References field,
// without <> and without repeats, in order. Ids that lost their brackets are
// taken when they hold an @; words around them are not.
func messageIDs(value []byte) []string {
	s := decodeIfEncoded(string(unfold(value)))
	var list []string
	add := func(id string) {
		id = strings.Join(strings.Fields(id), "")
		if id == "" || len(id) > 1000 {
			return
		}
		for _, have := range list {
			if have == id {
				return
			}
		}
		list = append(list, id)
	}
	if !strings.Contains(s, "<") {
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '>' }) {
			if strings.Contains(w, "@") && len(list) < maxReferences {
				add(strings.Trim(w, `"';()`))
			}
		}
		return list
	}
	for len(list) < maxReferences {
		_, after, ok := strings.Cut(s, "<")
		if !ok {
			break
		}
		end := strings.IndexByte(after, '>')
		if next := strings.IndexByte(after, '<'); end < 0 || next >= 0 && next < end {
			if end = next; end < 0 {
				end = len(after)
			}
		}
		add(after[:end])
		s = after[end:]
	}
	return list
}

// singleID reads a Message-ID, whatever stands in the field.
func singleID(value []byte) string {
	if list := messageIDs(value); len(list) > 0 {
		return list[0]
	}
	s := strings.TrimSpace(string(unfold(value)))
	if len(s) > 1000 || strings.ContainsAny(s, " \t") {
		return ""
	}
	return strings.Trim(s, "<>")
}
