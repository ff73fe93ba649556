-- Mails about a ticket that no person wrote, by their Message-ID, so that what answers them finds its ticket.
CREATE TABLE letter (
  rfc_message_id TEXT PRIMARY KEY,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  sent_at BIGINT NOT NULL
);
CREATE INDEX letter_ticket ON letter (ticket_id);
CREATE INDEX letter_person ON letter (person_id);

-- What comes to a mailbox is confirmed by a mail, unless it says no.
ALTER TABLE mailbox ADD COLUMN no_receipt BOOLEAN NOT NULL DEFAULT FALSE;
