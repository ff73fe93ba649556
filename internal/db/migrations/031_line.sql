-- The line as those who wait see it: their place, what they are told, how long it took, and who was moved ahead.

-- Counts who comes before somebody, in the index alone.
CREATE INDEX ticket_line ON ticket (assignee_id, team_id, due_at, priority, waiting_since, id, turn) WHERE turn = 'ours';

-- Somebody waits for an answer of ours: from when they asked to when a person answered. ended_at is 0 while they wait; team_id is the
-- team whose line it is, or was at the end. look_at is when it is looked at again for what can be learnt of it, 0 for no more.
CREATE TABLE line_wait (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  team_id BIGINT NOT NULL REFERENCES team (id),
  again BOOLEAN NOT NULL,
  began_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  by_id BIGINT REFERENCES person (id),
  looks BIGINT NOT NULL DEFAULT 0,
  look_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX line_wait_open ON line_wait (ticket_id) WHERE ended_at = 0;
CREATE INDEX line_wait_ticket ON line_wait (ticket_id);
CREATE INDEX line_wait_team ON line_wait (team_id, ended_at, by_id);
CREATE INDEX line_wait_ended ON line_wait (ended_at) WHERE ended_at > 0;
CREATE INDEX line_wait_look ON line_wait (look_at) WHERE look_at > 0;

-- How things stood at a moment of a wait, what would have been told then (working milliseconds; -1 for nothing), and how much was worked
-- until the answer came: -1 while it has not.
CREATE TABLE line_look (
  id {{id}},
  wait_id BIGINT NOT NULL REFERENCES line_wait (id),
  team_id BIGINT NOT NULL REFERENCES team (id),
  at BIGINT NOT NULL,
  arrival BOOLEAN NOT NULL,
  traits TEXT NOT NULL,
  told TEXT NOT NULL,
  worked BIGINT NOT NULL DEFAULT -1,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX line_look_wait ON line_look (wait_id);
CREATE INDEX line_look_team ON line_look (team_id, ended_at, id) WHERE ended_at > 0;
CREATE INDEX line_look_ended ON line_look (ended_at) WHERE ended_at > 0;

-- By how much the told bounds are moved, learnt from how often they held: for a team (hour -1) and for an hour of its day.
CREATE TABLE line_shift (
  team_id BIGINT NOT NULL REFERENCES team (id),
  later BOOLEAN NOT NULL,
  hour BIGINT NOT NULL,
  shift TEXT NOT NULL,
  PRIMARY KEY (team_id, later, hour)
);

-- Somebody came before others who had waited longer. how is "arrived", "raised" (their priority) or "taken" (before it was next); the other
-- columns say where it stood then, and passed how many it came before. reason is a word of ours, or "" for none given.
CREATE TABLE line_ahead (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  team_id BIGINT NOT NULL REFERENCES team (id),
  at BIGINT NOT NULL,
  how TEXT NOT NULL,
  urgent BOOLEAN NOT NULL,
  due BIGINT NOT NULL,
  rank BIGINT NOT NULL,
  since BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  rule_id BIGINT,
  reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX line_ahead_team ON line_ahead (team_id, at);
CREATE INDEX line_ahead_ticket ON line_ahead (ticket_id, id);

-- Somebody would like to be rung. from_at and until_at are when it suits them; state is asked, reached or taken_back.
CREATE TABLE line_call (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  number TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  tried_at BIGINT NOT NULL DEFAULT 0,
  tries BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX line_call_ticket ON line_call (ticket_id, id);
