package page

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
	"goodturn/internal/upload"
)

// Uploads that resume, by the tus protocol (see internal/upload): POST /uploads makes one, and its address, whose last
// part is secret, takes HEAD, PATCH and DELETE. There is no GET: nobody reads an upload back. Other sites are kept out as
// from all forms, so there is nothing about origins here.

// uploadRoutes are the protocol's addresses.
func (s *Site) uploadRoutes() []Route {
	return []Route{
		{Pattern: "OPTIONS /uploads", Handle: s.uploadOptions},
		{Pattern: "GET /uploads", Handle: s.uploadParts},
		{Pattern: "POST /uploads", Handle: s.tus(s.beginUpload)},
		{Pattern: "HEAD /uploads/{token}", Handle: s.tus(s.askUpload)},
		{Pattern: "PATCH /uploads/{token}", MaxBytes: MaxFiles + 1, Handle: s.tus(s.writeUpload)},
		{Pattern: "DELETE /uploads/{token}", Handle: s.tus(s.removeUpload)},
		{Pattern: "POST /uploads/{token}", MaxBytes: MaxFiles + 1, Handle: s.tus(s.insteadUpload)},
	}
}

func (s *Site) uploadOptions(w http.ResponseWriter, _ *http.Request, _ Visit) error {
	h := w.Header()
	h.Set("Tus-Resumable", upload.Version)
	h.Set("Tus-Version", upload.Version)
	h.Set("Tus-Extension", upload.Extensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(s.Kept.Limits.File, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// uploadParts gives scripts what they make the list of files of, in the reader's language.
func (s *Site) uploadParts(w http.ResponseWriter, r *http.Request, _ Visit) error {
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Header().Add("Vary", "Accept-Language, Cookie")
	return Render(w, r, http.StatusOK, UploadParts())
}

// tus wraps what answers a request of the protocol: the version is checked, and what goes wrong is a sentence in the
// reader's language, which the script shows beside the file.
func (s *Site) tus(handle Handle) Handle {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		w.Header().Set("Tus-Resumable", upload.Version)
		w.Header().Set("Cache-Control", "no-store")
		if r.Header.Get("Tus-Resumable") != upload.Version {
			w.Header().Set("Tus-Version", upload.Version)
			w.WriteHeader(http.StatusPreconditionFailed)
			return nil
		}
		var err error
		if secret := r.PathValue("token"); secret != "" {
			_, err = s.Kept.Find(r.Context(), secret)
		}
		if err == nil {
			err = handle(w, r, v)
		}
		if err == nil || r.Context().Err() != nil {
			return nil
		}
		status, text := http.StatusInternalServerError, i18n.T(r.Context(), "Something went wrong here, not with you. Please try again in a moment.")
		f, ok := AsFault(err)
		switch {
		case errors.Is(err, upload.ErrHeader):
			status, text = http.StatusBadRequest, upload.ErrHeader.Error()
		case errors.Is(err, io.ErrUnexpectedEOF) || isTimeout(err):
			status, text = http.StatusBadRequest, "the line broke"
		case ok:
			status, text = Status(f.Kind), i18n.Print(r.Context(), f.Message)
		default:
			Reference(r.Context(), s.Log, r, err)
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
		return nil
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

func (s *Site) beginUpload(w http.ResponseWriter, r *http.Request, v Visit) error {
	length, err := upload.Count(r.Header.Get("Upload-Length"))
	if err != nil {
		return err
	}
	name, kind, err := upload.Metadata(r.Header.Get("Upload-Metadata"))
	if err != nil {
		return err
	}
	holder := Network(v.Remote)
	if v.Actor.SignedIn() {
		holder = "person " + strconv.FormatInt(v.Actor.ID, 10)
	}
	u, err := s.Kept.Begin(r.Context(), upload.New{Holder: holder, Name: name, Type: kind, Length: length})
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/uploads/"+u.Secret)
	tellUpload(w, u)
	w.WriteHeader(http.StatusCreated)
	return nil
}

// tellUpload says in headers how an upload stands.
func tellUpload(w http.ResponseWriter, u upload.Upload) {
	w.Header().Set("Upload-Offset", strconv.FormatInt(u.Received, 10))
	w.Header().Set("Upload-Expires", u.ExpiresAt.Time().UTC().Format(http.TimeFormat))
}

func (s *Site) askUpload(w http.ResponseWriter, r *http.Request, _ Visit) error {
	u, err := s.Kept.Find(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	tellUpload(w, u)
	w.Header().Set("Upload-Length", strconv.FormatInt(u.Length, 10))
	w.WriteHeader(http.StatusOK)
	return nil
}

func (s *Site) writeUpload(w http.ResponseWriter, r *http.Request, _ Visit) error {
	if r.Header.Get("Content-Type") != "application/offset+octet-stream" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return nil
	}
	offset, err := upload.Count(r.Header.Get("Upload-Offset"))
	if err != nil {
		return err
	}
	u, err := s.Kept.Write(r.Context(), r.PathValue("token"), offset, newSlowBody(w, r.Body))
	if err != nil {
		return err
	}
	tellUpload(w, u)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Site) removeUpload(w http.ResponseWriter, r *http.Request, _ Visit) error {
	if err := s.Kept.Remove(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// insteadUpload is for clients whose way lets through GET and POST alone: they name the method in a header.
func (s *Site) insteadUpload(w http.ResponseWriter, r *http.Request, v Visit) error {
	switch r.Header.Get("X-HTTP-Method-Override") {
	case http.MethodHead:
		return s.askUpload(w, r, v)
	case http.MethodPatch:
		return s.writeUpload(w, r, v)
	case http.MethodDelete:
		return s.removeUpload(w, r, v)
	}
	w.Header().Set("Allow", "HEAD, PATCH, DELETE")
	w.WriteHeader(http.StatusMethodNotAllowed)
	return nil
}

// How long a line may say nothing while a file comes, and how long all of it may take: 32 MB need two hours at 33.6 kbit/s.
const (
	lineSilence = time.Minute
	lineLongest = 4 * time.Hour
)

// slowBody reads what comes over a line that may be slow: the time for the whole request does not count, only that
// something comes.
type slowBody struct {
	io.ReadCloser
	line  *http.ResponseController
	began time.Time
}

func newSlowBody(w http.ResponseWriter, body io.ReadCloser) *slowBody {
	return &slowBody{ReadCloser: body, line: http.NewResponseController(w), began: time.Now()}
}

func (b *slowBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if now := time.Now(); err == nil && now.Sub(b.began) < lineLongest { // a writer in memory has no deadlines, and needs none
		_ = b.line.SetWriteDeadline(now.Add(2 * lineSilence))
		_ = b.line.SetReadDeadline(now.Add(lineSilence))
	}
	return n, err
}

// Stop implements upload.Body.
func (b *slowBody) Stop() { _ = b.line.SetReadDeadline(time.Unix(1, 0)) }

// Network is a visitor's address as limits count it: one IPv4 address, or the /64 that a household has of IPv6.
func Network(remote string) string {
	a, err := netip.ParseAddr(remote)
	if err != nil || a.Unmap().Is4() {
		return remote
	}
	prefix, err := a.WithZone("").Prefix(64)
	if err != nil {
		return remote
	}
	return prefix.String()
}

// Gathered are the files of a form: those in it, and those that were uploaded before, by the secrets in its fields
// "upload".
type Gathered struct {
	Files []Upload

	site    *Site
	secrets []string
	missing int
}

// MostFiles is how many files one form may have.
const MostFiles = 50

// Gather stores the files of a form's field, and those that were uploaded before it. Call Form first, and Spend in the
// transaction that refers to them.
func (s *Site) Gather(ctx context.Context, r *http.Request, field string) (g Gathered, err error) {
	g.site = s
	seen := map[string]bool{}
	for _, word := range r.PostForm["upload"] {
		if !seen[word] && word != "" {
			g.secrets, seen[word] = append(g.secrets, word), true
		}
	}
	if len(g.secrets) > MostFiles {
		return g, fault.Invalid(fault.F("files", i18n.M("At most {{.Count}} files can be sent at once. Put more of them into an archive (.zip) first.", "Count", MostFiles)))
	}
	sum, err := s.Kept.Total(ctx, g.secrets)
	if err != nil {
		return g, err
	}
	if r.MultipartForm != nil {
		for _, h := range r.MultipartForm.File[field] {
			sum += h.Size
		}
	}
	if sum > MaxFiles {
		return g, fault.Invalid(fault.F("files", i18n.M("These files are {{.Size}} together; at most {{.Limit}} can be sent. Take one out, or share it another way.", "Size", i18n.Size(sum), "Limit", i18n.Size(MaxFiles))))
	}
	if g.Files, err = s.Uploads(ctx, r, field); err != nil {
		return g, err
	}
	ahead, missing, err := s.Kept.Collect(ctx, s.Blobs, g.secrets)
	for _, f := range ahead {
		g.Files = append(g.Files, Upload{Name: f.Name, Type: f.Type, Ref: f.Ref})
	}
	g.missing = missing
	return g, err
}

// Spend ends the uploads whose files the transaction refers to. Files that are gone are told as an error of the field
// "files".
func (g Gathered) Spend(ctx context.Context, tx *db.Tx) error {
	if g.missing > 0 {
		return upload.ErrMissing()
	}
	return g.site.Kept.Spend(ctx, tx, g.secrets)
}

// ForTicket are the files as a message takes them.
func (g Gathered) ForTicket() []ticket.File {
	out := make([]ticket.File, 0, len(g.Files))
	for _, f := range g.Files {
		out = append(out, ticket.File{Name: f.Name, Type: f.Type, Ref: f.Ref})
	}
	return out
}
