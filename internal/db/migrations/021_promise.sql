-- What promises about time and rules look for on a ticket, and which rule did something.

-- status_at is since when a ticket has its status; due_at is when the next of its promises is due, 0 for none.
ALTER TABLE ticket ADD COLUMN status_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
UPDATE ticket SET status_at = coalesce((SELECT max(e.at) FROM event e WHERE e.ticket_id = ticket.id AND e.what = 'status'), created_at);
CREATE INDEX ticket_status_at ON ticket (status, status_at, id);
CREATE INDEX ticket_due ON ticket (due_at, id) WHERE due_at > 0;

ALTER TABLE event ADD COLUMN rule_id BIGINT;
