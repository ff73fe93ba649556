package i18n

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

//go:embed catalogue/*.json
var files embed.FS

// file is a catalogue as it lies on disk.
type file struct {
	// Name is the language's own name.
	Name string `json:"name"`
	// Hidden keeps the language from being offered; it is there for tests of layout.
	Hidden   bool                 `json:"hidden,omitempty"`
	Calendar calendar             `json:"calendar"`
	Messages map[string]plurality `json:"messages"`
}

// plurality is one translation: a string, or an object of CLDR plural forms when the message counts.
type plurality struct {
	text  string
	forms map[string]string
}

// UnmarshalJSON reads "text" or {"one": …, "other": …}.
func (p *plurality) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return json.Unmarshal(data, &p.forms)
	}
	return json.Unmarshal(data, &p.text)
}

// tongue is a language, ready to use; it does not change after the start.
type tongue struct {
	code, name, dir string
	hidden          bool
	messages        map[string]string
	counting        map[string]bool
	localizer       *i18n.Localizer
	calendar        calendar
	numbers         numbers
}

var (
	tongues  = load()
	shipped  = ship(tongues)
	fallback = Locale{tongue: tongues["en"], zone: time.UTC}
)

// load reads the catalogues. They are compiled in and tested, so a broken one is a broken build, and it panics.
func load() map[string]*tongue {
	bundle := i18n.NewBundle(language.English)
	all := map[string]*tongue{}
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		data, err := files.ReadFile(path.Join("catalogue", e.Name()))
		if err != nil {
			panic(err)
		}
		code := strings.TrimSuffix(e.Name(), ".json")
		t, err := read(bundle, code, data)
		if err != nil {
			panic(fmt.Errorf("catalogue %s: %w", e.Name(), err))
		}
		all[code] = t
	}
	for code, t := range all {
		t.localizer = i18n.NewLocalizer(bundle, code)
	}
	return all
}

func read(bundle *i18n.Bundle, code string, data []byte) (*tongue, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("language code: %w", err)
	}
	var f file
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if err := f.Calendar.compile(); err != nil {
		return nil, err
	}
	t := &tongue{
		code: code, name: f.Name, hidden: f.Hidden, dir: direction(tag),
		calendar: f.Calendar, numbers: numbersOf(tag),
	}
	return t, t.fill(bundle, tag, f.Messages)
}

// fill takes the translations in; empty ones are left out, so that English shows instead.
func (t *tongue) fill(bundle *i18n.Bundle, tag language.Tag, messages map[string]plurality) error {
	for id, m := range messages {
		if m.forms == nil {
			if m.text != "" {
				if t.messages == nil {
					t.messages = map[string]string{}
				}
				t.messages[id] = m.text
			}
			continue
		}
		if m.forms["other"] == "" {
			continue
		}
		message := &i18n.Message{
			ID: id, Zero: m.forms["zero"], One: m.forms["one"], Two: m.forms["two"],
			Few: m.forms["few"], Many: m.forms["many"], Other: m.forms["other"],
		}
		if err := bundle.AddMessages(tag, message); err != nil {
			return fmt.Errorf("message %q: %w", id, err)
		}
		if t.counting == nil {
			t.counting = map[string]bool{}
		}
		t.counting[id] = true
	}
	return nil
}

// translateCount gives the translation of a counting message in the plural form for n, its placeholders not yet filled.
func (t *tongue) translateCount(id string, n int) (string, bool) {
	if !t.counting[id] {
		return "", false
	}
	text, err := t.localizer.Localize(&i18n.LocalizeConfig{
		MessageID: id, PluralCount: n, TemplateParser: template.IdentityParser{},
	})
	return text, err == nil && text != ""
}

func ship(all map[string]*tongue) []Language {
	var out []Language
	for _, t := range all {
		if !t.hidden {
			out = append(out, Language{Code: t.code, Name: t.name})
		}
	}
	slices.SortFunc(out, func(a, b Language) int {
		if (a.Code == "en") != (b.Code == "en") {
			if a.Code == "en" {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Code, b.Code)
	})
	return out
}

func match(languages []Language) language.Matcher {
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		tags[i] = language.Make(l.Code)
	}
	return language.NewMatcher(tags)
}

// rightToLeft are the scripts (ISO 15924) in use that run from right to left.
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}

func direction(tag language.Tag) string {
	script, _ := tag.Script()
	if slices.Contains(rightToLeft, script.String()) {
		return "rtl"
	}
	return "ltr"
}
