-- How far staff have read, and what is known of a person beyond their name.

-- seq is the number of the last message that this person has read; 0 for a ticket that they put back as unread from its
-- beginning. Who never opened a ticket has no row.
CREATE TABLE ticket_read (
  person_id BIGINT NOT NULL REFERENCES person (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  seq BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, ticket_id)
);
CREATE INDEX ticket_read_ticket ON ticket_read (ticket_id);

-- What staff wrote down about somebody: for staff only.
CREATE TABLE person_note (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  phone TEXT NOT NULL,
  uses TEXT NOT NULL,
  explaining TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by BIGINT REFERENCES person (id)
);
