-- Tickets, what is said on them, and the spine of events.

CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('ticket', 1000);

CREATE TABLE mailbox (
  id {{id}},
  address TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  team_id BIGINT NOT NULL REFERENCES team (id),
  active BOOLEAN NOT NULL,
  subaddress BOOLEAN NOT NULL,
  receiving TEXT NOT NULL,
  sending TEXT NOT NULL,
  uid_validity BIGINT NOT NULL DEFAULT 0,
  last_uid BIGINT NOT NULL DEFAULT 0,
  connected_at BIGINT NOT NULL DEFAULT 0,
  last_mail_at BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  error_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);

-- id is the number that people see. turn is ours (new, open), theirs (pending), hold, or '' when done.
CREATE TABLE ticket (
  id {{id}},
  subject TEXT NOT NULL,
  status TEXT NOT NULL,
  is_open BOOLEAN NOT NULL,
  turn TEXT NOT NULL,
  priority TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  team_id BIGINT NOT NULL REFERENCES team (id),
  assignee_id BIGINT REFERENCES person (id),
  requester_id BIGINT NOT NULL REFERENCES person (id),
  organisation_id BIGINT REFERENCES organisation (id) ON DELETE SET NULL,
  mailbox_id BIGINT REFERENCES mailbox (id),
  last_text TEXT NOT NULL,
  last_by TEXT NOT NULL,
  messages BIGINT NOT NULL,
  waiting_since BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  solved_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  activity_at BIGINT NOT NULL
);
CREATE INDEX ticket_activity ON ticket (activity_at, id);
CREATE INDEX ticket_open ON ticket (is_open, activity_at, id);
CREATE INDEX ticket_turn ON ticket (turn, activity_at, id);
CREATE INDEX ticket_status ON ticket (status, activity_at, id);
CREATE INDEX ticket_assignee ON ticket (assignee_id, is_open, activity_at, id);
CREATE INDEX ticket_team ON ticket (team_id, is_open, activity_at, id);
CREATE INDEX ticket_team_all ON ticket (team_id, activity_at, id);
CREATE INDEX ticket_assignee_all ON ticket (assignee_id, activity_at, id);
CREATE INDEX ticket_requester ON ticket (requester_id, activity_at, id);
CREATE INDEX ticket_organisation ON ticket (organisation_id, activity_at, id);

-- seq numbers the messages of a ticket from 1. text is what this person wrote now; quoted is the rest.
CREATE TABLE message (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  seq BIGINT NOT NULL,
  author_id BIGINT REFERENCES person (id),
  internal BOOLEAN NOT NULL,
  inbound BOOLEAN NOT NULL,
  automatic BOOLEAN NOT NULL,
  channel TEXT NOT NULL,
  text TEXT NOT NULL,
  quoted TEXT NOT NULL,
  html TEXT NOT NULL,
  rfc_message_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (ticket_id, seq)
);
CREATE INDEX message_rfc ON message (rfc_message_id) WHERE rfc_message_id <> '';

CREATE TABLE attachment (
  id {{id}},
  message_id BIGINT NOT NULL REFERENCES message (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  inline BOOLEAN NOT NULL,
  content_id TEXT NOT NULL
);
CREATE INDEX attachment_ticket ON attachment (ticket_id, message_id);

CREATE TABLE event (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  person_id BIGINT REFERENCES person (id),
  what TEXT NOT NULL,
  from_value TEXT NOT NULL,
  to_value TEXT NOT NULL,
  cause TEXT NOT NULL,
  message_id BIGINT REFERENCES message (id)
);
CREATE INDEX event_ticket ON event (ticket_id, id);

CREATE TABLE ticket_tag (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  tag TEXT NOT NULL,
  PRIMARY KEY (ticket_id, tag)
);
CREATE INDEX ticket_tag_tag ON ticket_tag (tag, ticket_id);

CREATE TABLE follower (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  PRIMARY KEY (ticket_id, person_id)
);
CREATE INDEX follower_person ON follower (person_id, ticket_id);

-- A ticket speaks of another: kind is "quotes" for a stranger's mail that named its number.
CREATE TABLE ticket_relation (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  other_id BIGINT NOT NULL REFERENCES ticket (id),
  kind TEXT NOT NULL,
  PRIMARY KEY (ticket_id, other_id, kind)
);
CREATE INDEX ticket_relation_other ON ticket_relation (other_id);

-- A link that shows one ticket to one person.
CREATE TABLE access_link (
  hash BYTEA PRIMARY KEY,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  proven BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX access_link_ticket ON access_link (ticket_id);
CREATE INDEX access_link_expires ON access_link (expires_at);
