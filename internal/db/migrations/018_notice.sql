-- What somebody is to be told: that a ticket was given to them, that they were mentioned, that somebody answered.

-- One row for what happened of one kind on one ticket since it was last read: count says how often, event_id and by_id tell of the
-- last time. read_at is 0 until it is read. mail is 0 for nothing to mail, 1 for waiting, 2 for mailed.
CREATE TABLE notice (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  kind TEXT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  event_id BIGINT NOT NULL,
  count BIGINT NOT NULL DEFAULT 1,
  at BIGINT NOT NULL,
  read_at BIGINT NOT NULL DEFAULT 0,
  on_page BOOLEAN NOT NULL,
  mail BIGINT NOT NULL
);
CREATE UNIQUE INDEX notice_unread ON notice (person_id, ticket_id, kind) WHERE read_at = 0;
CREATE INDEX notice_new ON notice (person_id, at, id) WHERE read_at = 0;
CREATE INDEX notice_person ON notice (person_id, at, id);
CREATE INDEX notice_ticket ON notice (ticket_id);
CREATE INDEX notice_mail ON notice (person_id, id) WHERE mail = 1;
CREATE INDEX notice_at ON notice (at);
