package desk

import (
	"goodturn/internal/person"
)

// offerSaving offers to save the list under a name, or to change the saved view that it is.
func (v *ListView) offerSaving(l *look, p place, how shown) {
	me := l.visit.Actor
	if p.saved != nil && person.Can(me, person.ChangeView, p.saved.Thing()) {
		v.Edit = viewURL(p.saved.ID)
	}
	if (p.narrowed() || p.Sort+p.Group != "") && person.Can(me, person.ChangeView, person.Thing{OwnerID: me.ID}) {
		if text, err := p.filter(); err == nil {
			v.Save = &SaveList{Filter: text, Place: how.saved(p).Encode()}
		}
	}
}

// takeWrong tells what is wrong with what was asked for: at the search box, or, when the view's own filter is not
// understood any more, with the way to mend it.
func (v *ListView) takeWrong(p place, wrong map[string]string) {
	v.QueryError = orElse(orElse(wrong["q"], wrong["cursor"]), orElse(wrong["sort"], wrong["group"]))
	v.Mend = p.saved != nil && wrong["q"] != "" && p.Query == ""
}

func columnSet(all []string) map[string]bool {
	set := make(map[string]bool, len(all))
	for _, c := range all {
		set[c] = true
	}
	return set
}
