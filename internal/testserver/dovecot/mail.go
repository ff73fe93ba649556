package dovecot

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"goodturn/internal/testserver/guard"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// Client logs a user in over TLS; the connection is closed at the end of the test.
func (s *Server) Client(tb testing.TB, user string) *imapclient.Client {
	tb.Helper()
	c, err := s.dial(user)
	if err != nil {
		tb.Fatalf("log in at Dovecot as %s: %v", user, err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *Server) dial(user string) (*imapclient.Client, error) {
	c, err := imapclient.DialTLS(guard.Address(s.IMAPSPort), &imapclient.Options{TLSConfig: s.Certificate.Client()})
	if err != nil {
		return nil, err
	}
	if err := c.Login(user, s.users[user]).Wait(); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// Append puts a mail into a user's folder by IMAP, byte for byte; the folder is made when it is not there.
func (s *Server) Append(user, folder string, raw []byte) {
	s.tb.Helper()
	s.AppendAt(user, folder, raw, time.Time{})
}

// AppendAt is Append with the moment at which the server is said to have received the mail; zero is now.
func (s *Server) AppendAt(user, folder string, raw []byte, received time.Time) {
	s.tb.Helper()
	if err := s.append(user, folder, raw, received); err != nil {
		s.tb.Fatalf("append to %s of %s: %v", folder, user, err)
	}
}

func (s *Server) append(user, folder string, raw []byte, received time.Time) error {
	c, err := s.dial(user)
	if err != nil {
		return err
	}
	defer c.Close()
	if folder != "INBOX" {
		// Fails when the folder is there; if it fails for another reason, so does what follows.
		_ = c.Create(folder, nil).Wait()
	}
	cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Time: received})
	if _, err := cmd.Write(raw); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err = cmd.Wait()
	return err
}

// Deliver hands a mail to a user's inbox by LMTP (RFC 2033), as a mail server would: Dovecot adds Return-Path, Delivered-To and Received.
func (s *Server) Deliver(user string, raw []byte) {
	s.tb.Helper()
	conn, err := net.DialTimeout("tcp", guard.Address(s.LMTPPort), 5*time.Second)
	if err != nil {
		s.tb.Fatalf("connect to Dovecot's LMTP: %v", err)
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	if err := c.SendMail("sender@example.test", []string{user}, bytes.NewReader(raw)); err != nil {
		s.tb.Fatalf("deliver to %s: %v", user, err)
	}
}

// Messages gives the raw mails of a user's folder in the order of their UIDs, without setting a flag.
func (s *Server) Messages(user, folder string) [][]byte {
	s.tb.Helper()
	all, err := s.messages(user, folder)
	if err != nil {
		s.tb.Fatalf("read %s of %s: %v", folder, user, err)
	}
	return all
}

func (s *Server) messages(user, folder string) ([][]byte, error) {
	c, err := s.dial(user)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	box, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || box.NumMessages == 0 {
		return nil, err
	}
	whole := &imap.FetchItemBodySection{Peek: true}
	var set imap.SeqSet
	set.AddRange(1, 0)
	got, err := c.Fetch(set, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		return nil, err
	}
	all := make([][]byte, 0, len(got))
	for _, m := range got {
		all = append(all, m.FindBodySection(whole))
	}
	return all, nil
}

// Wait gives the first mail in a user's folder that match accepts, waiting up to 30 seconds for it.
func (s *Server) Wait(user, folder string, match func(raw []byte) bool) []byte {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var found []byte
	err := s.process.Await(ctx, func(context.Context) error {
		all, err := s.messages(user, folder)
		if err != nil {
			return err
		}
		for _, raw := range all {
			if match(raw) {
				found = raw
				return nil
			}
		}
		return fmt.Errorf("none of %d mails in %s of %s is the one", len(all), folder, user)
	})
	if err != nil {
		s.tb.Fatal(err)
	}
	return found
}
