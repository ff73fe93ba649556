package page

import (
	"mime"
	"net/http"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
)

// pictures are the types that a browser may show in the page; everything else is a download. SVG is not
// among them: it can hold scripts.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// IsPicture tells whether a file of that type may be shown in the page.
func IsPicture(mediaType string) bool {
	t, _, _ := mime.ParseMediaType(mediaType)
	return pictures[t]
}

// SendFile answers with a stored file, in a form in which a hostile one does no harm: pictures as
// pictures, all else as a download, never guessed, never with scripts.
func (s *Site) SendFile(w http.ResponseWriter, r *http.Request, ref blob.Ref, name, mediaType string) error {
	f, err := s.Blobs.Open(ref)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	how := "attachment"
	h.Set("Content-Type", "application/octet-stream")
	if IsPicture(mediaType) {
		how = "inline"
		t, _, _ := mime.ParseMediaType(mediaType)
		h.Set("Content-Type", t)
	}
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": strings.Map(fileRune, name)}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	// Kept, but asked for each time: a right that ends, ends for what a browser has kept too.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+ref.SHA256+`"`)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", clock.Instant(0).Time(), f)
	return nil
}

func fileRune(r rune) rune {
	if r < ' ' || r == 0x7f || strings.ContainsRune(`/\"`, r) {
		return '_'
	}
	return r
}
