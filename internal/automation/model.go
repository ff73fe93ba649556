package automation

import (
	"context"
	"time"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// Model is a ready-made rule, or several that belong together.
type Model struct {
	Key, Name, What string
	Rules           []Rule
}

// Models are the ready-made rules, in the reader's language. address is the reader's own; it stands where somebody has to be named.
func Models(ctx context.Context, now time.Time, address string) []Model {
	on := func(w ...When) []When { return w }
	silence := func(days int) []When {
		return on(When{On: StatusFor, To: []string{"pending"}, For: Span{N: days, Unit: Days, Working: true}})
	}
	receipt := i18n.T(ctx, "{{.Greeting}},\n\nthank you for writing to us. Your request has the number {{.Number}}, and somebody will look at it.\n\nTo add something, just answer this mail.", "Greeting", "{{greeting}}", "Number", "{{ticket.number}}")
	first := i18n.T(ctx, "{{.Greeting}},\n\nwe are waiting for your answer about “{{.Subject}}”. Is it still of use to you? A short answer is enough.", "Greeting", "{{greeting}}", "Subject", "{{ticket.subject}}")
	second := i18n.T(ctx, "{{.Greeting}},\n\nwe have not heard from you about “{{.Subject}}”. In a few days we will take it as solved. You can always have it back by answering.", "Greeting", "{{greeting}}", "Subject", "{{ticket.subject}}")
	month := time.Date(now.Year(), now.Month()+1, 1, 8, 0, 0, 0, time.UTC).Format(startLayout)
	return []Model{
		{"receipt", i18n.T(ctx, "Receipt confirmation"), i18n.T(ctx, "Whoever writes gets a mail with the number of their request at once."), []Rule{
			{Name: i18n.T(ctx, "Receipt confirmation"), Definition: Definition{When: on(When{On: Comes}), If: "channel:mail,form", Then: []Deed{{Do: Reply, Text: receipt}}}},
		}},
		{"silence", i18n.T(ctx, "Close after silence"), i18n.T(ctx, "Who does not answer is reminded after three and six working days; after nine the ticket is solved."), []Rule{
			{Name: i18n.T(ctx, "Close after silence: first reminder"), Definition: Definition{When: silence(3), Then: []Deed{{Do: Reply, Text: first}}}},
			{Name: i18n.T(ctx, "Close after silence: second reminder"), Definition: Definition{When: silence(6), Then: []Deed{{Do: Reply, Text: second}}}},
			{Name: i18n.T(ctx, "Close after silence"), Definition: Definition{When: silence(9), Then: []Deed{{Do: SetStatus, Value: "solved"}, {Do: Tag, Value: "no-answer"}}}},
		}},
		{"escalate", i18n.T(ctx, "Escalate before a promise is broken"), i18n.T(ctx, "When a promise about time is in danger, the priority is raised and you are told, and so is whoever has the ticket."), []Rule{
			{Name: i18n.T(ctx, "Escalate before a promise is broken"), Definition: Definition{When: on(When{On: Warned}), If: "priority:low,normal", Then: []Deed{
				{Do: SetPriority, Value: "high"}, {Do: Notify, To: []string{theOwner, theAssignee}, Text: i18n.T(ctx, "A promise about time is in danger.")},
			}}},
		}},
		{"vip", i18n.T(ctx, "Put first, with the reason"), i18n.T(ctx, "Tickets with the tag vip get high priority, and a note says why they were put before others."), []Rule{
			{Name: i18n.T(ctx, "Put first, with the reason"), Definition: Definition{When: on(When{On: Comes}, When{On: TagAdded, To: []string{"vip"}}), If: "tag:vip priority:low,normal", Then: []Deed{
				{Do: SetPriority, Value: "high"}, {Do: Note, Text: i18n.T(ctx, "Put before others: {{.Name}} has the tag vip. Reason: (write it here)", "Name", "{{requester.name}}")},
			}}},
		}},
		{"recurring", i18n.T(ctx, "A ticket that comes round"), i18n.T(ctx, "On the first Monday of each month a ticket is made for what has to be done then."), []Rule{
			{Name: i18n.T(ctx, "A ticket that comes round"), Definition: Definition{When: on(When{On: Recurs, Every: "FREQ=MONTHLY;BYDAY=1MO", Start: month}), Then: []Deed{
				{Do: Create, To: []string{address}, Value: i18n.T(ctx, "Check the backups"), Text: i18n.T(ctx, "Restore one file from each backup, and write down how long it took.")},
			}}},
		}},
	}
}

// AddModel saves the rules of a model, switched off.
func AddModel(ctx context.Context, tx *db.Tx, a person.Actor, key string) ([]Rule, error) {
	me, err := person.Get(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range Models(ctx, tx.Now.Time(), me.Address) {
		if m.Key != key {
			continue
		}
		for i, r := range m.Rules {
			r.Model = key
			if m.Rules[i], err = Save(ctx, tx, a, r); err != nil {
				return nil, err
			}
		}
		return m.Rules, nil
	}
	return nil, fault.Invalid(fault.F("key", i18n.M("Please choose one of the ready-made rules.")))
}
