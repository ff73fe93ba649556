package page

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// Upload is a file that came with a form and is stored.
type Upload struct {
	Name string
	Type string // media type, from the name when the browser sent none
	Ref  blob.Ref
}

// Form reads a form, with files or without. A body over the route's limit is a fault that names the limit.
func Form(r *http.Request) error {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			return formFault(err)
		}
		return nil
	}
	return formFault(r.ParseForm())
}

func formFault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := AsFault(err); ok {
		return err
	}
	if strings.Contains(err.Error(), "request body too large") {
		return fault.TooLarge(i18n.M("At most {{.Limit}} can be sent at once. Go back, take a file out, and send again: your text is still there.", "Limit", i18n.Size(MaxFiles)))
	}
	return &fault.Error{Kind: fault.KindInvalid, Message: i18n.M("This form did not arrive whole. Please go back and send it again."), Cause: err}
}

// Uploads stores the files of one field. Call Form first.
func (s *Site) Uploads(ctx context.Context, r *http.Request, field string) ([]Upload, error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	defer r.MultipartForm.RemoveAll()
	var out []Upload
	for _, h := range r.MultipartForm.File[field] {
		if h.Filename == "" && h.Size == 0 {
			continue // a file field that was left empty
		}
		u, err := s.upload(ctx, h)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

func (s *Site) upload(ctx context.Context, h *multipart.FileHeader) (Upload, error) {
	f, err := h.Open()
	if err != nil {
		return Upload{}, err
	}
	defer f.Close()
	ref, err := s.Blobs.Put(ctx, io.Reader(f), MaxFiles)
	if err != nil {
		return Upload{}, err
	}
	u := Upload{Name: path.Base(strings.ReplaceAll(h.Filename, "\\", "/")), Type: h.Header.Get("Content-Type"), Ref: ref}
	if u.Type == "" || u.Type == "application/octet-stream" {
		u.Type = firstNonEmpty(mime.TypeByExtension(path.Ext(u.Name)), "application/octet-stream")
	}
	return u, nil
}

// Number reads a number of the address, such as {number}; one that is none leads nowhere.
func Number(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.NotFound(i18n.M("The address may have a typing mistake, or what was here is gone or not shared with you."))
	}
	return n, nil
}

func firstNonEmpty(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
