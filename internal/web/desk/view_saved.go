package desk

import (
	"context"

	"goodturn/internal/i18n"
)

// SavedView is the page of saved views.
type SavedView struct {
	Frame Frame
	Items []SavedItem
}

// SavedItem is a saved view among others.
type SavedItem struct {
	ID                int64
	Name, Filter, URL string
	// Owner is who made it, "" for the reader.
	Owner  string
	Shared bool
	// Wrong says why its filter is not understood, or "".
	Wrong       string
	Changeable  bool
	First, Last bool
}

// SavedForm is the page on which a view is made (ID 0) or changed.
type SavedForm struct {
	Frame                  Frame
	ID                     int64
	Name, Filter, Place    string
	NameError, FilterError string
	Shared                 bool
	Owner                  string // who made it, "" for the reader
	// Was is the view's age, to notice that somebody else changed it meanwhile; Conflict tells of that.
	Was      int64
	Conflict string
	Display  *Display
}

func (v SavedForm) heading(ctx context.Context) string {
	if v.ID == 0 {
		return i18n.T(ctx, "New view")
	}
	return i18n.T(ctx, "Change the view")
}

func (v SavedForm) action() string {
	if v.ID == 0 {
		return viewsURL
	}
	return viewURL(v.ID)
}
