package ui

import (
	"regexp"
	"testing"
)

// physical are the properties and values that stay on one side when a language runs the other way.
var physical = regexp.MustCompile(`(?m)(?:^|[{;\s])((?:(?:margin|padding|border)-(?:left|right)|left|right|float|border-(?:top|bottom)-(?:left|right)-radius)\s*:|text-align\s*:\s*(?:left|right)|clear\s*:\s*(?:left|right))`)

// TestTheRequestersSheetsKnowNoLeftAndRight: what stands at the start of a line stands there in every language.
func TestTheRequestersSheetsKnowNoLeftAndRight(t *testing.T) {
	if physical.FindString("a { margin-left: 1px }") == "" || physical.FindString("a { text-align:right }") == "" || physical.FindString("a { margin-inline-start: 1px; border-left-color: red }") != "" {
		t.Fatal("the test itself is wrong")
	}
	for _, b := range bundles {
		if b.name != "portal.css" && b.name != "upload.css" {
			continue
		}
		for _, source := range b.sources {
			text, err := files.ReadFile(source)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range physical.FindAllStringSubmatch(string(text), -1) {
				t.Errorf("%s has %q; say start and end instead", source, found[1])
			}
		}
	}
}
