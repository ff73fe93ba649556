package ui

import (
	"context"

	"goodturn/internal/i18n"
)

// StatusWord is a status of a ticket in the reader's language; an unknown one is shown as it is.
func StatusWord(ctx context.Context, status string) string {
	switch status {
	case "new":
		return i18n.C(ctx, "status", "new")
	case "open":
		return i18n.C(ctx, "status", "open")
	case "pending":
		return i18n.C(ctx, "status", "pending")
	case "on_hold":
		return i18n.C(ctx, "status", "on hold")
	case "solved":
		return i18n.C(ctx, "status", "solved")
	case "closed":
		return i18n.C(ctx, "status", "closed")
	case "suspect":
		return i18n.C(ctx, "status", "suspect")
	case "spam":
		return i18n.C(ctx, "status", "spam")
	}
	return status
}

// StatusHint says what a status means for whoever chooses it.
func StatusHint(ctx context.Context, status string) string {
	switch status {
	case "pending":
		return i18n.T(ctx, "we wait for the requester")
	case "on_hold":
		return i18n.T(ctx, "we wait for somebody else")
	case "solved":
		return i18n.T(ctx, "an answer opens it again")
	case "closed":
		return i18n.T(ctx, "an answer opens it again")
	}
	return ""
}

// PriorityWord is a priority in the reader's language.
func PriorityWord(ctx context.Context, priority string) string {
	switch priority {
	case "low":
		return i18n.C(ctx, "priority", "low")
	case "normal":
		return i18n.C(ctx, "priority", "normal")
	case "high":
		return i18n.C(ctx, "priority", "high")
	case "urgent":
		return i18n.C(ctx, "priority", "urgent")
	}
	return priority
}

// KindWord is a kind of ticket in the reader's language.
func KindWord(ctx context.Context, kind string) string {
	switch kind {
	case "incident":
		return i18n.C(ctx, "kind", "incident")
	case "request":
		return i18n.C(ctx, "kind", "request")
	case "question":
		return i18n.C(ctx, "kind", "question")
	case "problem":
		return i18n.C(ctx, "kind", "problem")
	}
	return kind
}

// ChannelWord says how a ticket or a message came in.
func ChannelWord(ctx context.Context, channel string) string {
	switch channel {
	case "mail":
		return i18n.T(ctx, "by mail")
	case "web":
		return i18n.T(ctx, "by the web form")
	case "phone":
		return i18n.T(ctx, "by phone")
	case "chat":
		return i18n.T(ctx, "by live chat")
	case "api":
		return i18n.T(ctx, "by another program")
	}
	return channel
}

// ChannelIcon is the shape of a channel.
func ChannelIcon(channel string) string {
	switch channel {
	case "web":
		return "globe"
	case "phone":
		return "phone"
	case "chat":
		return "message-square"
	case "api":
		return "external-link"
	}
	return "mail"
}

// TurnShort says the same as TurnWord in the narrow column of a list.
func TurnShort(ctx context.Context, turn string) string {
	switch turn {
	case "ours":
		return i18n.C(ctx, "short, in a list", "our turn")
	case "theirs":
		return i18n.C(ctx, "short, in a list", "their turn")
	}
	return ""
}

// TurnWord says whose turn it is: "ours", "theirs", or "" when nobody waits.
func TurnWord(ctx context.Context, turn string) string {
	switch turn {
	case "ours":
		return i18n.T(ctx, "our turn")
	case "theirs":
		return i18n.T(ctx, "their turn")
	case "snoozed":
		return i18n.T(ctx, "snoozed")
	}
	return ""
}

// PromiseWord names a promise about time in the reader's language.
func PromiseWord(ctx context.Context, promise string) string {
	switch promise {
	case "first_answer":
		return i18n.T(ctx, "first answer")
	case "next_answer":
		return i18n.T(ctx, "next answer")
	case "solve":
		return i18n.T(ctx, "solution")
	}
	return i18n.T(ctx, "time in this team")
}
