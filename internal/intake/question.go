package intake

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

//go:embed question/*.txt
var questionFiles embed.FS

// Slot is what a question asks for.
type Slot string

// The slots, in the order in which they are asked. A guess is made by the desk, from what is broken right now.
const (
	SlotGuess   Slot = "guess"
	SlotThing   Slot = "thing"
	SlotSymptom Slot = "symptom"
	SlotDetail  Slot = "detail"
)

// Slots are those that questions can be written for.
func Slots() []Slot { return []Slot{SlotThing, SlotSymptom, SlotDetail} }

// AnyTopic is the topic of the questions for what has none of its own.
const AnyTopic = "any"

// Question is one as it is put, in one language.
type Question struct {
	Topic    string
	Slot     Slot
	Language string
	Text     string
	// Choices has a line for each answer to tap: "A printer > printer", where what stands behind the arrow is the topic that it means.
	Choices string
	// Off says that it is not asked.
	Off bool
	// Version counts the changes of the desk; 0 is how Goodturn comes.
	Version int64
}

// Choice is an answer to tap.
type Choice struct{ Text, Topic string }

// Answers are the choices of a question.
func (q Question) Answers() []Choice { return choicesOf(q.Choices) }

func choicesOf(lines string) (out []Choice) {
	for line := range strings.Lines(lines) {
		text, topic, _ := strings.Cut(strings.TrimSpace(line), " > ")
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, Choice{text, strings.TrimSpace(topic)})
		}
	}
	return out
}

// booklet is what the program comes with in one language.
type booklet struct {
	topics    []string // in their order, AnyTopic first
	labels    map[string]string
	questions map[string]Question // by topic and slot
}

var booklets = mustReadQuestions()

// Topics are what questions are about, in their order; AnyTopic is the first.
func Topics() []string { return booklets["en"].topics }

// Label is how a topic is called in a sentence ("the VPN"), in a language that is known; "" for a topic that is none.
func Label(topic, language string) string {
	if b := booklets[language]; b != nil {
		return b.labels[topic]
	}
	return booklets["en"].labels[topic]
}

func mustReadQuestions() map[string]*booklet {
	files, err := questionFiles.ReadDir("question")
	if err != nil {
		panic(err)
	}
	all := map[string]*booklet{}
	for _, f := range files {
		text, err := questionFiles.ReadFile("question/" + f.Name())
		if err != nil {
			panic(err)
		}
		code := strings.TrimSuffix(f.Name(), ".txt")
		if all[code], err = readQuestions(code, string(text)); err != nil {
			panic(err)
		}
	}
	return all
}

func readQuestions(code, text string) (*booklet, error) {
	b := &booklet{labels: map[string]string{}, questions: map[string]Question{}}
	var topic, key string
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		head, isHead := strings.CutPrefix(line, "[")
		choice, isChoice := strings.CutPrefix(line, "- ")
		switch {
		case line == "" || line[0] == '#':
		case isHead:
			name, label, ok := strings.Cut(head, "] ")
			if !ok {
				return nil, fmt.Errorf("question/%s.txt, line %d: behind the topic stands how it is called", code, i+1)
			}
			topic, key = name, ""
			b.topics, b.labels[topic] = append(b.topics, topic), label
		case isChoice && key != "":
			q := b.questions[key]
			q.Choices += choice + "\n"
			b.questions[key] = q
		default:
			slot, words, ok := strings.Cut(line, ": ")
			if !ok || topic == "" || !askable(Slot(slot)) {
				return nil, fmt.Errorf("question/%s.txt, line %d: %q is no question", code, i+1, line)
			}
			key = topic + "/" + slot
			b.questions[key] = Question{Topic: topic, Slot: Slot(slot), Language: code, Text: words}
		}
	}
	return b, nil
}

func askable(s Slot) bool { return s == SlotThing || s == SlotSymptom || s == SlotDetail }

// Shipped is a question as Goodturn comes with it; its Text is "" when it comes with none.
func Shipped(topic string, slot Slot, language string) Question {
	q := booklets[language].questions[topic+"/"+string(slot)]
	q.Topic, q.Slot, q.Language = topic, slot, language
	return q
}

const questionColumns = `topic, slot, language, text, choices, off, version`

// QuestionOf is a question as this desk asks it.
func QuestionOf(ctx context.Context, tx *db.Tx, topic string, slot Slot, language string) (Question, error) {
	own, err := db.All[Question](ctx, tx, `SELECT `+questionColumns+` FROM intake_question WHERE topic = $1 AND slot = $2 AND language = $3`, topic, slot, language)
	if err != nil || len(own) > 0 {
		return append(own, Question{})[0], err
	}
	return Shipped(topic, slot, language), nil
}

// Questions are all questions of a language as this desk asks them, those that could be added with an empty text.
func Questions(ctx context.Context, tx *db.Tx, language string) ([]Question, error) {
	own, err := db.All[Question](ctx, tx, `SELECT `+questionColumns+` FROM intake_question WHERE language = $1`, language)
	var out []Question
	for _, topic := range Topics() {
		for _, slot := range Slots() {
			if slot == SlotThing && topic != AnyTopic {
				continue // who names a thing is not asked for it
			}
			q := Shipped(topic, slot, language)
			for _, o := range own {
				if o.Topic == topic && o.Slot == slot {
					q = o
				}
			}
			out = append(out, q)
		}
	}
	return out, err
}

// The most that a question may hold.
const (
	maxQuestion = 200
	maxChoice   = 80
	maxChoices  = 8
)

// SaveQuestion keeps a question as the desk wants it. q.Version is the one that was looked at: when somebody changed it meanwhile, it is a
// conflict.
func SaveQuestion(ctx context.Context, tx *db.Tx, q Question) error {
	if err := q.check(); err != nil {
		return err
	}
	now, err := QuestionOf(ctx, tx, q.Topic, q.Slot, q.Language)
	if err != nil {
		return err
	}
	if now.Version != q.Version {
		return fault.Conflict(i18n.M("Somebody else has changed this question meanwhile. Please look at it again."))
	}
	_, err = tx.Exec(ctx, `INSERT INTO intake_question (topic, slot, language, text, choices, off, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (topic, slot, language) DO UPDATE SET text = excluded.text, choices = excluded.choices, off = excluded.off, version = excluded.version, changed_at = excluded.changed_at`,
		q.Topic, q.Slot, q.Language, q.Text, q.Choices, q.Off, q.Version+1, tx.Now)
	return err
}

// RestoreQuestion brings back the question that Goodturn comes with.
func RestoreQuestion(ctx context.Context, tx *db.Tx, topic string, slot Slot, language string) error {
	_, err := tx.Exec(ctx, `DELETE FROM intake_question WHERE topic = $1 AND slot = $2 AND language = $3`, topic, slot, language)
	return err
}

func (q *Question) check() error {
	if !askable(q.Slot) || booklets[q.Language] == nil || Label(q.Topic, q.Language) == "" || q.Slot == SlotThing && q.Topic != AnyTopic {
		return fault.NotFound(i18n.M("There is no such question."))
	}
	q.Text = strings.Join(strings.Fields(q.Text), " ")
	var wrong []fault.Field
	if q.Text == "" && !q.Off {
		wrong = append(wrong, fault.F("text", i18n.M("Please write the question, or switch it off.")))
	}
	if len([]rune(q.Text)) > maxQuestion {
		wrong = append(wrong, fault.F("text", i18n.M("A question has at most {{.Count}} letters. Short ones are answered more often.", "Count", maxQuestion)))
	}
	all := q.Answers()
	if len(all) > maxChoices {
		wrong = append(wrong, fault.F("choices", i18n.M("At most {{.Count}} answers to tap, please: one a line.", "Count", maxChoices)))
	}
	q.Choices = ""
	for _, c := range all {
		if len([]rune(c.Text)) > maxChoice {
			wrong = append(wrong, fault.F("choices", i18n.M("“{{.Answer}}” is too long for a button: at most {{.Count}} letters.", "Answer", c.Text, "Count", maxChoice)))
			break
		}
		if c.Topic != "" && Label(c.Topic, q.Language) == "" {
			wrong = append(wrong, fault.F("choices", i18n.M("“{{.Topic}}” behind the arrow is no topic. There are: {{.All}}.", "Topic", c.Topic, "All", strings.Join(Topics()[1:], ", "))))
			break
		}
		q.Choices += c.Text
		if c.Topic != "" {
			q.Choices += " > " + c.Topic
		}
		q.Choices += "\n"
	}
	return fault.Check(wrong)
}

// put fills in the placeholders of a text.
func put(text, topic, language string) string {
	label := Label(topic, language)
	if label == "" {
		label = Label(AnyTopic, language)
	}
	return strings.ReplaceAll(text, "{{thing}}", label)
}
