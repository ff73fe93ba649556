package smtp_test

import (
	"errors"
	"strings"
	"testing"

	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/smtp"
)

func TestPostfix(t *testing.T) {
	s := postfix.Start(t, postfix.Options{Users: map[string]string{"help@desk.test": "sésame"}})
	a := smtp.Account{
		Host: s.Host, Port: s.SubmissionPort, Security: dial.StartTLS, User: "help@desk.test", Password: "sésame",
		HELO: "desk.test", RootCAs: s.Certificate.Pool,
	}
	if err := smtp.Check(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	pool := smtp.NewPool(a)
	defer pool.Close()
	for _, subject := range []string{"first", "second"} {
		text := strings.Replace(raw, "hello", subject, 1)
		result, err := pool.Send(t.Context(), envelope("ann@elsewhere.test"), []byte(text))
		if err != nil || !strings.Contains(result.Response, "queued as") {
			t.Fatalf("got %+v, %v", result, err)
		}
		m := s.Sink.Wait(t, func(m postfix.Mail) bool { return strings.Contains(string(m.Raw), "Subject: "+subject) })
		if m.From != "help@desk.test" || m.To[0] != "ann@elsewhere.test" || !strings.HasSuffix(string(m.Raw), "\r\n\r\n.dot\r\nbye\r\n") {
			t.Errorf("got %+v", m)
		}
	}
	a.Password = "wrong"
	var problem *dial.Problem
	if err := smtp.Check(t.Context(), a); !errors.As(err, &problem) || problem.Kind != dial.Refused {
		t.Errorf("got %v", err)
	}
	a.User = ""
	_, err := smtp.Send(t.Context(), a, envelope("ann@elsewhere.test"), []byte(raw))
	if e := failed(t, err); e.Code/100 != 5 {
		t.Errorf("relayed without a password: %+v", e)
	}
}
