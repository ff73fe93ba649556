package page

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"goodturn/internal/fault"
)

// MaxLarge bounds a form whose files are read as they come: one that is too large is read to its end, so that the answer can say how large
// it is, and what was typed beside it is not lost.
const MaxLarge = 1 << 30

// LargeFile is a file of a form that is larger than what is taken; nothing of it is kept.
type LargeFile struct {
	Name string
	Size int64 // bytes
	Most int64
}

// LargeForm reads a form and stores the files of one field as they come, in no more memory than a form without files takes. most is how
// large a file of a name and a type may be. It takes the place of Form and Uploads.
func (s *Site) LargeForm(ctx context.Context, r *http.Request, field string, most func(name, mediaType string) int64) (all []Upload, large []LargeFile, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, nil, Form(r)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, formFault(err)
	}
	values, room := url.Values{}, int64(MaxForm)
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, formFault(err)
		}
		switch {
		case p.FileName() == "":
			text, err := io.ReadAll(io.LimitReader(p, room+1))
			if err != nil {
				return nil, nil, formFault(err)
			}
			if room -= int64(len(text)); room < 0 {
				return nil, nil, formFault(errors.New("http: request body too large"))
			}
			values.Add(p.FormName(), string(text))
		case p.FormName() == field:
			u, big, err := s.largePart(ctx, p, most)
			if err != nil {
				return nil, nil, err
			}
			if big != nil {
				large = append(large, *big)
			} else {
				all = append(all, u)
			}
		}
	}
	r.PostForm, r.Form = values, values
	return all, large, nil
}

// largePart stores one file, or tells how large it is.
func (s *Site) largePart(ctx context.Context, p *multipart.Part, most func(name, mediaType string) int64) (Upload, *LargeFile, error) {
	u := Upload{Name: path.Base(strings.ReplaceAll(p.FileName(), "\\", "/")), Type: p.Header.Get("Content-Type")}
	if u.Type == "" || u.Type == "application/octet-stream" {
		u.Type = firstNonEmpty(mime.TypeByExtension(path.Ext(u.Name)), "application/octet-stream")
	}
	limit := most(u.Name, u.Type)
	count := &counter{Reader: p}
	ref, err := s.Blobs.Put(ctx, count, limit)
	if fault.Is(err, fault.KindTooLarge) {
		if _, err := io.Copy(io.Discard, count); err != nil {
			return u, nil, formFault(err)
		}
		return u, &LargeFile{Name: u.Name, Size: count.n, Most: limit}, nil
	}
	u.Ref = ref
	return u, nil, err
}

type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}
