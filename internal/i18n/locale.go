package i18n

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Locale is how one reader wants things shown: a language and a time zone. The zero value is not useful; take Default.
type Locale struct {
	tongue *tongue
	zone   *time.Location
}

// Default is English in UTC: what a context without a locale means.
func Default() *Locale { return &fallback }

// Language describes a language the program is shipped in.
type Language struct {
	// Code is the BCP 47 tag, such as "de".
	Code string
	// Name is the language's own name, such as "Deutsch".
	Name string
}

type localeKey struct{}

// With puts the reader's language and time zone into a context. lang is one of Languages (anything else means English);
// a nil zone means UTC.
func With(ctx context.Context, lang string, zone *time.Location) context.Context {
	t, ok := tongues[lang]
	if !ok {
		t = tongues["en"]
	}
	if zone == nil {
		zone = time.UTC
	}
	return context.WithValue(ctx, localeKey{}, &Locale{tongue: t, zone: zone})
}

// Of gives the locale of a context, Default when it has none.
func Of(ctx context.Context) *Locale {
	if l, ok := ctx.Value(localeKey{}).(*Locale); ok {
		return l
	}
	return &fallback
}

// LangOf gives the language code of a context, such as "en" or "de"; it is what belongs into <html lang>.
func LangOf(ctx context.Context) string { return Of(ctx).tongue.code }

// ZoneOf gives the reader's time zone; never nil.
func ZoneOf(ctx context.Context) *time.Location { return Of(ctx).zone }

// Dir gives the writing direction of the context's language, "ltr" or "rtl"; it is what belongs into <html dir>.
func Dir(ctx context.Context) string { return Of(ctx).tongue.dir }

// Languages lists the shipped languages, English first and then by code.
func Languages() []Language { return append([]Language(nil), offered.Load().languages...) }

// acceptLimit bounds the part of an Accept-Language header that is looked at, in bytes; real ones are far shorter.
const acceptLimit = 256

// Match chooses the language for a reader: preferred (what the person has set; may be empty) when it is shipped, else
// the best for an Accept-Language header (RFC 9110 section 12.5.4), else English.
func Match(acceptLanguage, preferred string) string {
	o := offered.Load()
	for _, l := range o.languages {
		if l.Code == preferred {
			return preferred
		}
	}
	if len(acceptLanguage) > acceptLimit {
		acceptLanguage = acceptLanguage[:acceptLimit]
		acceptLanguage = acceptLanguage[:max(0, strings.LastIndexByte(acceptLanguage, ','))]
	}
	wanted, _, _ := language.ParseAcceptLanguage(acceptLanguage)
	if preferred != "" {
		if tag, err := language.Parse(preferred); err == nil {
			wanted = append([]language.Tag{tag}, wanted...)
		}
	}
	_, index, confidence := o.matcher.Match(wanted...)
	if confidence == language.No {
		return "en"
	}
	return o.languages[index].Code
}
