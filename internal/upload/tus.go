package upload

import (
	"encoding/base64"
	"errors"
	"mime"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The protocol is tus 1.0.0 (https://tus.io/protocols/resumable-upload) with these extensions.
const (
	Version    = "1.0.0"
	Extensions = "creation,termination,expiration"
)

// Longest header values that are looked at, and longest names that are kept, in bytes.
const (
	maxMetadata = 4096
	maxName     = 255
	maxType     = 100
)

// ErrHeader means that a header is not as the protocol has it.
var ErrHeader = errors.New("a header of the upload protocol cannot be read")

// Metadata reads an Upload-Metadata header: pairs of a key and its value in base64, divided by commas. The name is
// without any folder, the type a media type, "application/octet-stream" when none fits.
func Metadata(header string) (name, mediaType string, err error) {
	if len(header) > maxMetadata {
		return "", "", ErrHeader
	}
	seen := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key == "" {
			if header == "" {
				break
			}
			return "", "", ErrHeader
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil {
			return "", "", ErrHeader
		}
		if _, twice := seen[key]; twice {
			return "", "", ErrHeader
		}
		seen[key] = string(raw)
	}
	name = tidy(path.Base(strings.ReplaceAll(seen["filename"], "\\", "/")), maxName)
	if name == "" || name == "." || name == ".." || name == "/" {
		name = "file"
	}
	mediaType, _, err = mime.ParseMediaType(seen["filetype"])
	if err != nil || len(mediaType) > maxType || !strings.Contains(mediaType, "/") {
		mediaType, _, _ = mime.ParseMediaType(mime.TypeByExtension(path.Ext(name)))
	}
	if mediaType == "" {
		mediaType = "application/octet-stream"
	}
	return name, mediaType, nil
}

// tidy drops what is no text and what cannot be seen, and keeps to a length.
func tidy(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	for len(text) > limit {
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
	}
	return strings.TrimSpace(text)
}

// Count reads a header that counts bytes: digits alone.
func Count(header string) (int64, error) {
	if header == "" || strings.Trim(header, "0123456789") != "" {
		return 0, ErrHeader
	}
	n, err := strconv.ParseInt(header, 10, 64)
	if err != nil {
		return 0, ErrHeader
	}
	return n, nil
}
