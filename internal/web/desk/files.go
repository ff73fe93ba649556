package desk

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/page"
)

// The strip above a conversation has the first files, the page of all of them has many at once, and an archive has bounds
// so that one click does not keep a server busy for an hour.
const (
	stripFiles   = 24
	pageFiles    = 100
	archiveFiles = 2000
	archiveBytes = 2 << 30
)

// fileStrip loads the files of a ticket for its page, nil when there are fewer than two: one stands with its message.
func fileStrip(ctx context.Context, tx *db.Tx, t ticket.Ticket) (*FileStrip, error) {
	sum, err := ticket.FilesSum(ctx, tx, t.ID)
	if err != nil || sum.Count < 2 {
		return nil, err
	}
	files, err := ticket.FilesAfter(ctx, tx, t.ID, 0, stripFiles)
	s := &FileStrip{Number: t.ID, Count: int(sum.Count), Size: sum.Size, Files: attachmentsShown(files)}
	return s, err
}

func attachmentsShown(files []ticket.Attachment) (out []Attachment) {
	for _, f := range files {
		out = append(out, attachmentShown(f))
	}
	return out
}

func attachmentShown(f ticket.Attachment) Attachment {
	return Attachment{Name: f.Name, Size: f.Size, URL: fileURL(f), Message: f.MessageID, Picture: page.IsPicture(f.Type) && !f.Ornament()}
}

// allFiles answers GET /tickets/{number}/files: all files of a ticket, page by page.
func (d *Desk) allFiles(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var view FilesView
	err = d.read(ctx, v, func(l *look) error {
		t, err := ticket.Get(ctx, l.tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		view = FilesView{Number: t.ID, Subject: t.Subject}
		if view.Frame, err = d.frame(ctx, l, ""); err != nil {
			return err
		}
		sum, err := ticket.FilesSum(ctx, l.tx, t.ID)
		if err != nil {
			return err
		}
		view.Count, view.Size = int(sum.Count), sum.Size
		files, err := ticket.FilesAfter(ctx, l.tx, t.ID, idOf(r.URL.Query().Get("after")), pageFiles+1)
		if len(files) > pageFiles {
			files = files[:pageFiles]
			view.More = ticketAction(t.ID, "files") + "?after=" + decimal(files[pageFiles-1].ID)
		}
		view.Files = attachmentsShown(files)
		return err
	})
	if err != nil {
		return err
	}
	return d.show(w, r, v, http.StatusOK, view.Frame, FilesPage(view), nil)
}

var errArchive = fault.Invalid(fault.F("files", i18n.M("These files are more than 2 GB or more than 2,000 together. Please take them one by one.")))

// archive answers GET /tickets/{number}/files.zip: all files of a ticket, as they are read. Nothing is held in the store
// while they go out.
func (d *Desk) archive(w http.ResponseWriter, r *http.Request, v page.Visit) error {
	number, err := page.Number(r, "number")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var files []ticket.Attachment
	err = d.Site.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := ticket.Get(ctx, tx, v.Actor, person.SeeTicket, number)
		if err != nil {
			return err
		}
		sum, err := ticket.FilesSum(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if sum.Size > archiveBytes || sum.Count > archiveFiles {
			return errArchive
		}
		files, err = ticket.FilesAfter(ctx, tx, t.ID, 0, archiveFiles)
		return err
	})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fault.NotFound(i18n.M("This ticket has no files."))
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="ticket-`+decimal(number)+`-files.zip"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if r.Method == http.MethodHead {
		return nil
	}
	if err := d.writeArchive(w, files); err != nil {
		// What is cut off must not look whole.
		d.Site.Log.WarnContext(ctx, "archive broke off", "ticket", number, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (d *Desk) writeArchive(w http.ResponseWriter, files []ticket.Attachment) error {
	control, out, used := http.NewResponseController(w), zip.NewWriter(w), map[string]bool{}
	var missing []string
	for _, f := range files {
		_ = control.SetWriteDeadline(time.Now().Add(5 * time.Minute))
		name := archiveName(f.Name, used)
		err := d.archiveFile(out, f, name)
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
			continue
		}
		if err != nil {
			return err
		}
	}
	if missing != nil { // better the rest of them than nothing
		text, err := out.Create(archiveName("missing.txt", used))
		if err != nil {
			return err
		}
		if _, err := io.WriteString(text, strings.Join(missing, "\n")+"\n"); err != nil {
			return err
		}
	}
	return out.Close()
}

func (d *Desk) archiveFile(out *zip.Writer, f ticket.Attachment, name string) error {
	in, err := d.Site.Blobs.Open(blob.Ref{SHA256: f.SHA256, Size: f.Size})
	if err != nil {
		return err
	}
	defer in.Close()
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	if strings.HasPrefix(f.Type, "image/") || strings.HasPrefix(f.Type, "video/") || strings.HasSuffix(f.Type, "zip") {
		h.Method = zip.Store // they are small already
	}
	to, err := out.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, in)
	return err
}

// reservedNames cannot be names of files on Windows, with whatever ending.
const reservedNames = " con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 "

// archiveName is a name under which a file can be unpacked anywhere: one part, no signs that a system reads as something
// else, unlike any in used, which it is added to. Names that differ in case alone count as the same.
func archiveName(name string, used map[string]bool) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ', r == 0x7f, strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // turns the direction, so that an ending can be faked
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimRight(name, ". "), " ")
	if len(name) > 150 {
		ending := path.Ext(name)
		if len(ending) > 12 {
			ending = ""
		}
		name = strings.ToValidUTF8(name[:150-len(ending)], "") + ending
	}
	if first, _, _ := strings.Cut(strings.ToLower(name), "."); first == "" || strings.Contains(reservedNames, " "+first+" ") {
		name = strings.TrimRight("file-"+strings.TrimLeft(name, "."), "-")
	}
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	out := stem + ending
	for n := 2; used[strings.ToLower(out)]; n++ {
		out = fmt.Sprintf("%s (%d)%s", stem, n, ending)
	}
	used[strings.ToLower(out)] = true
	return out
}
