-- Whose word about mail is believed, and what mail proposes until staff say yes.

-- The name that the mailbox's own mail server puts in Authentication-Results (RFC 8601); '' believes none.
ALTER TABLE mailbox ADD COLUMN authserv_id TEXT NOT NULL DEFAULT '';

-- Something that a mail would like and that nobody proved: kind is "follower" (address is to get copies) or "answers"
-- (the requester wants answers at address). state is open, taken or refused. by_id is who proposed it.
CREATE TABLE suggestion (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  state TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (ticket_id, kind, address)
);

-- Where a person wants the answers of one ticket, agreed to by staff; else they go to the address of record.
CREATE TABLE answer_address (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  address TEXT NOT NULL,
  PRIMARY KEY (ticket_id, person_id)
);
