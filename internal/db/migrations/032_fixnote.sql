-- Fix notes: what was wrong, what was done, and how to do it oneself next time.

-- One a ticket, at most. skipped is why there is none ('' for a note). words are the stems of what was asked and of the note, with
-- spaces between them, for finding it by like words. given_at is since when the requester has it: while the ticket is done; 0 else.
-- stale says that it was given and did not help: it is given again only when somebody has looked at it.
CREATE TABLE fix_note (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  wrong TEXT NOT NULL,
  did TEXT NOT NULL,
  next TEXT NOT NULL,
  skipped TEXT NOT NULL DEFAULT '',
  because TEXT NOT NULL DEFAULT '',
  words TEXT NOT NULL,
  author_id BIGINT REFERENCES person (id),
  version BIGINT NOT NULL,
  written_at BIGINT NOT NULL,
  given_at BIGINT NOT NULL DEFAULT 0,
  stale BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX fix_note_written ON fix_note (written_at, ticket_id);

-- What a note said before it was changed.
CREATE TABLE fix_note_version (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  version BIGINT NOT NULL,
  wrong TEXT NOT NULL,
  did TEXT NOT NULL,
  next TEXT NOT NULL,
  author_id BIGINT REFERENCES person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, version)
);

-- Tickets by which somebody asked what had been explained: how is 'words' when that was recognised, 'agent' when an agent said so, 'not'
-- when an agent said that it was not so. of_id is the ticket by which it was explained, 0 for none known.
CREATE TABLE fix_again (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  how TEXT NOT NULL,
  of_id BIGINT NOT NULL DEFAULT 0
);

-- Who solved a ticket and is asked for its note, until there is one or it is skipped.
CREATE TABLE fix_ask (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL
);
CREATE INDEX fix_ask_person ON fix_ask (person_id, at, ticket_id);

-- Teams that are not asked for notes.
CREATE TABLE fix_note_off (
  team_id BIGINT PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE
);

-- What comes after solving: whether it worked, and how they were served.

-- One a ticket that was solved. letter_at is when the requester is asked by mail, gentle_at when those who stayed silent are asked once
-- more; 0 for not. asked_at is when they were asked last, gentle says that they were asked once more. worked is 'yes', 'no' or ''; face
-- is 1 (bad) to 3 (good), 0 for none. state is what was counted of it.
CREATE TABLE outcome (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  solved_at BIGINT NOT NULL,
  letter_at BIGINT NOT NULL DEFAULT 0,
  gentle_at BIGINT NOT NULL DEFAULT 0,
  asked_at BIGINT NOT NULL DEFAULT 0,
  gentle BOOLEAN NOT NULL DEFAULT FALSE,
  worked TEXT NOT NULL DEFAULT '',
  worked_at BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  face BIGINT NOT NULL DEFAULT 0,
  words TEXT NOT NULL DEFAULT '',
  face_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outcome_letter ON outcome (letter_at, ticket_id) WHERE letter_at > 0;
CREATE INDEX outcome_gentle ON outcome (gentle_at, ticket_id) WHERE gentle_at > 0;

-- What the figures are made of: so many more (or fewer) of something on a day, counted in days since 1970 by UTC. Rows are only added,
-- so that nobody waits for anybody, and folded into one a day and thing now and then.
CREATE TABLE outcome_count (
  id {{id}},
  day BIGINT NOT NULL,
  what TEXT NOT NULL,
  n BIGINT NOT NULL
);
CREATE INDEX outcome_count_day ON outcome_count (day, what);
