package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"time"
)

// Words for the searches that are measured.
const (
	commonWord = "printer" // in about one ticket of eight
	rareWord   = "zephyrine"
	rareEvery  = 20_000 // tickets
)

var (
	givenNames = strings.Fields("Ada Bruno Chiara Dimitri Esra Fabio Greta Hamid Ilse Jakub Kaori Lena Marek Nora Otto Paula Rami Sofia Tariq Uma Vito Wanda Xavi Yara Zita")
	surnames   = strings.Fields("Abel Brandt Conti Dahl Eide Ferrari Gomes Hansen Ito Jansen Keller Lopes Meyer Nagy Olsen Peters Ricci Sousa Tan Unger Vogel Weber Yang Zimmer")
	objects    = strings.Fields("monitor keyboard headset phone tablet scanner projector webcam mailbox calendar account password licence invoice badge VPN Wi-Fi drive spreadsheet browser certificate backup report website export")
	places     = strings.Fields("accounting sales reception warehouse payroll engineering design production library laboratory branch")
	troubles   = strings.Fields("freezes disconnects restarts blinks disappears hangs stalls overheats flickers rejects repeats slows")
	sentences  = []string{
		"It began after the holidays and comes back every %d minutes.",
		"I have restarted it %d times and the light stays amber.",
		"A colleague two desks away has the same model and no trouble at all.",
		"The message says that operation %d could not be completed, and then the window closes by itself.",
		"We need it before Friday, because %d people are waiting for the figures.",
		"From home it works; in the office I have to sign in again after %d seconds.",
		"Please tell me whether I should bring it to the second floor or wait here.",
		"I followed the article on the intranet up to step %d and got stuck there.",
	}
)

// writeTickets writes tickets as JSON lines, so far apart, the same ones whenever it is asked.
func writeTickets(w io.Writer, from, to int, apart time.Duration) error {
	enc := json.NewEncoder(w)
	for i := from; i <= to; i++ {
		if err := enc.Encode(makeTicket(i, apart)); err != nil {
			return err
		}
	}
	return nil
}

type line struct {
	Subject  string `json:"subject"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Agent    int    `json:"agent"`
	Open     bool   `json:"open"`
	Prio     int    `json:"prio"`
	Created  string `json:"created"`
	Messages []said `json:"messages"`
}

type said struct {
	From string `json:"from"`
	Body string `json:"body"`
	At   string `json:"at"`
}

const (
	customers = 25_000
	agents    = 10
)

// span is how long the desk has been in use at most: none of its tickets is of the future.
const span = 600 * 24 * time.Hour

func makeTicket(i int, apart time.Duration) line {
	r := rand.New(rand.NewSource(int64(i)))
	who := r.Intn(customers)
	thing := objects[r.Intn(len(objects))]
	if r.Intn(8) == 0 {
		thing = commonWord
	}
	at := time.Date(2025, 1, 6, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * apart)
	t := line{
		Subject: fmt.Sprintf("The %s in %s %s", thing, places[r.Intn(len(places))], troubles[r.Intn(len(troubles))]),
		Name:    givenNames[who%len(givenNames)] + " " + surnames[who/7%len(surnames)], Email: fmt.Sprintf("person%05d@bench.example", who),
		Agent: r.Intn(agents + 1), Open: r.Intn(5) == 0, Prio: 1 + r.Intn(3), Created: at.Format(time.RFC3339),
	}
	first := fmt.Sprintf("Hello, the %s %s. %s\n\nReference %07d", thing, troubles[r.Intn(len(troubles))], prose(r, 2+r.Intn(6)), i)
	if i%rareEvery == 17 {
		first += " " + rareWord
	}
	t.Messages = []said{{"customer", first, t.Created}, {"agent", "Good morning, thank you for telling us. " + prose(r, 1+r.Intn(4)), at.Add(time.Hour).Format(time.RFC3339)}}
	if r.Intn(2) == 0 {
		t.Messages = append(t.Messages, said{"customer", "Thank you. " + prose(r, 1+r.Intn(3)), at.Add(3 * time.Hour).Format(time.RFC3339)})
	}
	return t
}

func prose(r *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		s := sentences[r.Intn(len(sentences))]
		if strings.Contains(s, "%d") {
			s = fmt.Sprintf(s, 2+r.Intn(400))
		}
		out[i] = s
	}
	return strings.Join(out, " ")
}

// makeMail is a mail of about 20 KB that starts a new ticket.
func makeMail(to string, run, i int) []byte {
	r := rand.New(rand.NewSource(int64(i)))
	var b strings.Builder
	fmt.Fprintf(&b, "From: Sender %d <sender%d@mail.example>\r\nTo: <%s>\r\nSubject: The %s %s (%d)\r\nDate: %s\r\nMessage-ID: <%d.%d@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
		i%500, i%500, to, objects[r.Intn(len(objects))], troubles[r.Intn(len(troubles))], i, time.Now().Format(time.RFC1123Z), run, i)
	for b.Len() < 20_000 {
		b.WriteString(prose(r, 1) + "\r\n")
	}
	return []byte(b.String())
}
