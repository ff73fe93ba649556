package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"net/http"
	"strings"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/picture"
)

// What is fetched from elsewhere for a reader.
const (
	maxFetched  = 10 << 20 // bytes of one picture
	maxFetching = 4        // pictures at a time, of all readers
)

var fetching = make(chan struct{}, maxFetching)

// SendThumbnail answers with a small picture of a stored one. It is made when it is first asked for. A file that is no
// picture is not found.
func (s *Site) SendThumbnail(w http.ResponseWriter, r *http.Request, ref blob.Ref) error {
	key := "thumbnail " + ref.SHA256
	small, ok := s.Cache.Get(key)
	if !ok {
		f, err := s.Blobs.Open(ref)
		if err != nil {
			return err
		}
		defer f.Close()
		if small, _, err = picture.Thumbnail(f); err != nil {
			return &fault.Error{Kind: fault.KindNotFound, Message: i18n.M("There is no small picture of this file."), Cause: err}
		}
		s.Cache.Put(key, small)
	}
	return sendPicture(w, r, small)
}

// RemoteKey is where a picture from elsewhere is kept in the cache.
func RemoteKey(address string) string { return "remote " + address }

// SendRemote answers with a picture from elsewhere, which the program fetches itself: whoever sent the mail learns that
// somebody looked, and nothing of who it was. The caller has checked that the address stands in a mail that the visitor may
// read. It is kept for some days.
func (s *Site) SendRemote(w http.ResponseWriter, r *http.Request, address string) error {
	found, ok := s.Cache.Get(RemoteKey(address))
	if !ok {
		if s.Out == nil {
			return noPicture(nil)
		}
		select {
		case fetching <- struct{}{}:
			defer func() { <-fetching }()
		case <-r.Context().Done():
			return r.Context().Err()
		}
		var err error
		if found, err = s.Out.Get(r.Context(), address, maxFetched); err != nil {
			return noPicture(err)
		}
		if _, _, err := image.DecodeConfig(bytes.NewReader(found)); err != nil {
			return noPicture(err)
		}
		s.Cache.Put(RemoteKey(address), found)
	}
	return sendPicture(w, r, found)
}

func noPicture(cause error) error {
	return &fault.Error{Kind: fault.KindNotFound, Message: i18n.M("This picture could not be had from its sender."), Cause: cause}
}

// sendPicture answers with a picture of a kind that cannot act; what it is, its own bytes say.
func sendPicture(w http.ResponseWriter, r *http.Request, content []byte) error {
	kind, ok := picture.Sniff(content)
	if !ok {
		return noPicture(nil)
	}
	sum := sha256.Sum256(content)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `inline; filename="picture.`+strings.TrimPrefix(kind, "image/")+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-cache") // as for files: a right that ends, ends for what a browser has kept too
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}
