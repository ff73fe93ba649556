package i18n

import "context"

// T gives a message in the reader's language. id is the English text, a string literal; pairs are the names and values
// of its placeholders: T(ctx, "Hello {{.Name}}", "Name", name). A value may be a Text, a Size, an Amount
// or a moment, which are written for the same reader. Plain numbers are not grouped, because most are ticket numbers.
func T(ctx context.Context, id string, pairs ...any) string {
	l := Of(ctx)
	text := l.tongue.translate(id)
	if len(pairs) == 0 {
		return text
	}
	return l.expand(text, pairs)
}

// N gives a message that counts something, in the plural form that the reader's language wants for n. one and other are
// the two English forms, string literals; {{.Count}} is n with the digits grouped. More pairs may follow.
func N(ctx context.Context, one, other string, n int, pairs ...any) string {
	return Of(ctx).count(one, other, n, pairs)
}

// C is T for a text that means different things in different places, such as "Open", a status or a verb. place says
// which, in a word or two; it is a string literal, too, and never shown. The catalogue's key is "Open|status".
func C(ctx context.Context, place, id string, pairs ...any) string {
	l := Of(ctx)
	text := l.tongue.translateIn(place, id)
	if len(pairs) == 0 {
		return text
	}
	return l.expand(text, pairs)
}

// Text is a message that is printed later, when the reader is known: an error's explanation, a label in a table. The
// zero value prints as nothing.
type Text struct {
	place, one, id string
	n              int
	pairs          []any
}

// M is T for later.
func M(id string, pairs ...any) Text { return Text{id: id, pairs: pairs} }

// MN is N for later.
func MN(one, other string, n int, pairs ...any) Text {
	return Text{one: one, id: other, n: n, pairs: pairs}
}

// MC is C for later.
func MC(place, id string, pairs ...any) Text { return Text{place: place, id: id, pairs: pairs} }

// Print gives the text in the reader's language.
func Print(ctx context.Context, t Text) string { return Of(ctx).print(t) }

// String gives the text in English, for logs and errors.
func (t Text) String() string { return fallback.print(t) }

// MarshalText gives the text in English, so that logs in JSON are readable.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// IsZero tells whether there is no text at all.
func (t Text) IsZero() bool { return t.id == "" }

// ID gives the message id, the English text with its placeholders still in it.
func (t Text) ID() string { return t.id }

func (l *Locale) print(t Text) string {
	switch {
	case t.one != "":
		return l.count(t.one, t.id, t.n, t.pairs)
	case t.place != "":
		return l.expand(l.tongue.translateIn(t.place, t.id), t.pairs)
	}
	return l.expand(l.tongue.translate(t.id), t.pairs)
}

func (l *Locale) count(one, other string, n int, pairs []any) string {
	text, ok := l.tongue.translateCount(other, n)
	if !ok {
		text = other
		if n == 1 || n == -1 {
			text = one
		}
		text = l.tongue.madeUp(text)
	}
	return l.expandCount(text, n, pairs)
}

// contextual joins a text and its place to the key in the catalogue.
func contextual(place, id string) string { return id + "|" + place }

func (t *tongue) translate(id string) string {
	if text, ok := t.messages[id]; ok {
		return text
	}
	return t.madeUp(id)
}

func (t *tongue) translateIn(place, id string) string {
	if t.messages == nil {
		return t.madeUp(id)
	}
	if text, ok := t.messages[contextual(place, id)]; ok {
		return text
	}
	return t.madeUp(id)
}
