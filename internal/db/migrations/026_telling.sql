-- What people are told, and where.

-- As 018, and: what is told of no ticket (a rule that fails) has a text and a link; topic parts what would be one row otherwise (two
-- rules on one ticket); source is the name of the rule. mail is 0 for nothing to mail, 1 for waiting to be collected, 2 for mailed, 3
-- for a mail at once; chat is 0 for nothing, 1 for waiting, 2 for said. What goes out at once goes when due_at has come.
DROP INDEX notice_unread;
DROP INDEX notice_new;
DROP INDEX notice_person;
DROP INDEX notice_ticket;
DROP INDEX notice_mail;
DROP INDEX notice_at;
ALTER TABLE notice RENAME TO notice_before;
CREATE TABLE notice (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  ticket_id BIGINT REFERENCES ticket (id),
  kind TEXT NOT NULL,
  topic TEXT NOT NULL DEFAULT '',
  by_id BIGINT REFERENCES person (id),
  event_id BIGINT,
  source TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL DEFAULT '',
  count BIGINT NOT NULL DEFAULT 1,
  at BIGINT NOT NULL,
  read_at BIGINT NOT NULL DEFAULT 0,
  on_page BOOLEAN NOT NULL,
  mail BIGINT NOT NULL,
  chat BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO notice (person_id, ticket_id, kind, by_id, event_id, count, at, read_at, on_page, mail)
  SELECT person_id, ticket_id, kind, by_id, event_id, count, at, read_at, on_page, mail FROM notice_before ORDER BY id;
DROP TABLE notice_before;
CREATE UNIQUE INDEX notice_unread ON notice (person_id, (coalesce(ticket_id, 0)), kind, topic) WHERE read_at = 0;
CREATE INDEX notice_new ON notice (person_id, at, id) WHERE read_at = 0;
CREATE INDEX notice_person ON notice (person_id, at, id);
CREATE INDEX notice_ticket ON notice (ticket_id);
CREATE INDEX notice_mail ON notice (person_id, mail, id) WHERE mail IN (1, 3);
CREATE INDEX notice_chat ON notice (person_id, id) WHERE chat = 1;
CREATE INDEX notice_at ON notice (at);

-- How many mails somebody was sent at once in the minute that begins at minute, and when they had their last overview.
CREATE TABLE notice_pace (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  minute BIGINT NOT NULL DEFAULT 0,
  mails BIGINT NOT NULL DEFAULT 0,
  overview_at BIGINT NOT NULL DEFAULT 0
);

-- Where a chat program takes what is told: somebody's own (person_id), or a team's channel (team_id). The address is sealed, host is
-- what may be shown of it. kinds are what a channel is told, parted by spaces; filter says of which tickets; everywhere is of other
-- teams' too, but never of private ones. failing_at is since when nothing arrived, 0 for all is well; error is why, as a code; next_at is
-- when it is tried again, told_at when whoever made it was told.
CREATE TABLE chat_hook (
  id {{id}},
  person_id BIGINT REFERENCES person (id),
  team_id BIGINT REFERENCES team (id),
  name TEXT NOT NULL DEFAULT '',
  form TEXT NOT NULL,
  host TEXT NOT NULL,
  address BYTEA NOT NULL,
  kinds TEXT NOT NULL DEFAULT '',
  filter TEXT NOT NULL DEFAULT '',
  everywhere BOOLEAN NOT NULL DEFAULT FALSE,
  language TEXT NOT NULL DEFAULT '',
  active BOOLEAN NOT NULL DEFAULT TRUE,
  made_by BIGINT NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  said_at BIGINT NOT NULL DEFAULT 0,
  failing_at BIGINT NOT NULL DEFAULT 0,
  tries BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  told_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX chat_hook_person ON chat_hook (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX chat_hook_team ON chat_hook (team_id) WHERE team_id IS NOT NULL;

-- What waits to be said in a team's channel; what happens again before counts.
CREATE TABLE chat_line (
  id {{id}},
  hook_id BIGINT NOT NULL REFERENCES chat_hook (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  kind TEXT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  count BIGINT NOT NULL DEFAULT 1,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX chat_line_once ON chat_line (hook_id, ticket_id, kind);
CREATE INDEX chat_line_ticket ON chat_line (ticket_id);
