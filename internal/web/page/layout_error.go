package page

import (
	"context"

	"goodturn/internal/i18n"
)

// ErrorView is the page for a request that could not be done.
type ErrorView struct {
	Site string
	// Status is the HTTP status: 403, 404, 413, 429, 500, 503 have words of their own.
	Status int
	// Message is a sentence about this very case in the reader's language; "" means the general one.
	Message string
	// Reference is the number under which the log has the cause, for 500.
	Reference string
	// Limit is the size limit of a 413 in bytes; 0 means that it is not told.
	Limit int64
	// Wait is how many seconds a 429 asks for; 0 means that it is not told.
	Wait int
	// Back is where to go from here; "" means "/".
	Back string
}

// title says in a few words what happened.
func (v ErrorView) title(ctx context.Context) string {
	switch v.Status {
	case 403:
		return i18n.T(ctx, "This is not open to you")
	case 404:
		return i18n.T(ctx, "There is nothing here")
	case 413:
		return i18n.T(ctx, "That is too large")
	case 429:
		return i18n.T(ctx, "One moment, please")
	case 503:
		return i18n.T(ctx, "We will be back shortly")
	}
	if v.Status >= 500 {
		return i18n.T(ctx, "Something broke on our side")
	}
	return i18n.T(ctx, "That did not work")
}

// explanation says what happens next.
func (v ErrorView) explanation(ctx context.Context) string {
	switch {
	case v.Message != "":
		return v.Message
	case v.Status == 403:
		return i18n.T(ctx, "Your account may not see or do this. If it should, an administrator can change that.")
	case v.Status == 404:
		return i18n.T(ctx, "The address may have a typing mistake, or what was here is gone or not shared with you.")
	case v.Status == 413 && v.Limit > 0:
		return i18n.T(ctx, "At most {{.Limit}} can be sent at once. Go back, take a file out, and send again: your text is still there.", "Limit", i18n.Bytes(ctx, v.Limit))
	case v.Status == 413:
		return i18n.T(ctx, "Go back, take a file out, and send again: your text is still there.")
	case v.Status == 429 && v.Wait > 0:
		return i18n.N(ctx, "That was tried many times in a short while. Please wait {{.Count}} second and try again.", "That was tried many times in a short while. Please wait {{.Count}} seconds and try again.", v.Wait)
	case v.Status == 429:
		return i18n.T(ctx, "That was tried many times in a short while. Please wait a little and try again.")
	case v.Status == 503:
		return i18n.T(ctx, "The desk is being looked after. Try again in a minute; mail that you send in the meantime is not lost.")
	case v.Status >= 500:
		return i18n.T(ctx, "Nothing that you did before is lost. Try again in a moment; if it stays broken, tell an administrator the number below.")
	}
	return i18n.T(ctx, "Go back and look at what you entered: it is still there.")
}

func (v ErrorView) icon() string {
	switch v.Status {
	case 403:
		return "lock"
	case 404:
		return "search"
	case 429, 503:
		return "hourglass"
	}
	return "triangle-alert"
}

func (v ErrorView) back() string {
	if v.Back == "" {
		return "/"
	}
	return v.Back
}
