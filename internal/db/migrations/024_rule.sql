-- Rules: what happens by itself, each form that it had, and what it did.

-- A rule as it is now. definition is JSON: when, if, then. The owner is who saved it last; it acts with their rights. version_id is
-- its newest form. model names the ready-made rule that it began as, '' for none. told_at is when its owner was last told that it
-- failed or was held back. secret signs what its webhooks send.
CREATE TABLE rule (
  id {{id}},
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT FALSE,
  position BIGINT NOT NULL,
  owner_id BIGINT NOT NULL REFERENCES person (id),
  version_id BIGINT NOT NULL DEFAULT 0,
  model TEXT NOT NULL DEFAULT '',
  secret BYTEA,
  told_at BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rule_position ON rule (position, id);

-- Every form that a rule had. what is 'saved', 'on', 'off', 'removed', or 'restored'.
CREATE TABLE rule_version (
  id {{id}},
  rule_id BIGINT NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
  what TEXT NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL
);
CREATE INDEX rule_version_rule ON rule_version (rule_id, id);

-- The one row that says whether the rules that a process remembers are still those of the store.
CREATE TABLE rule_set (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL
);
INSERT INTO rule_set (id, version) VALUES (1, 1);

-- How far a rule about time has come: everything up to mark, and ticket_id within the same moment, was looked at. part is the place
-- of its condition. mark is -1 until it is first looked at; since is when the rule was switched on then, or 0 for a rule that is
-- for those tickets too for which the time had passed before. Of a recurrence, mark is up to when it was looked after.
CREATE TABLE rule_mark (
  rule_id BIGINT NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
  part BIGINT NOT NULL,
  mark BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL DEFAULT 0,
  since BIGINT NOT NULL,
  PRIMARY KEY (rule_id, part)
);

-- What a rule did, or could not do. outcome is 'acted', 'failed', 'held' or 'sent'; detail says what went wrong, as JSON of a text.
CREATE TABLE rule_run (
  id {{id}},
  rule_id BIGINT NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
  version_id BIGINT NOT NULL,
  ticket_id BIGINT REFERENCES ticket (id),
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  cause TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX rule_run_rule ON rule_run (rule_id, outcome, at);
CREATE INDEX rule_run_ticket ON rule_run (ticket_id, rule_id, at);
CREATE INDEX rule_run_at ON rule_run (at);

-- Work that a rule does later, a little at a time, because it would have been too much at once. event is JSON.
CREATE TABLE rule_wait (
  id {{id}},
  rule_id BIGINT NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  event TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX rule_wait_rule ON rule_wait (rule_id, id);
CREATE INDEX rule_wait_ticket ON rule_wait (ticket_id);

-- What a rule would have done within the last thirty days. definition is what was tried, result is JSON.
CREATE TABLE rule_trial (
  id {{id}},
  rule_id BIGINT REFERENCES rule (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  state TEXT NOT NULL,
  seen BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  hits BIGINT NOT NULL DEFAULT 0,
  place BIGINT NOT NULL DEFAULT 0,
  result TEXT NOT NULL DEFAULT '',
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rule_trial_rule ON rule_trial (rule_id, id);
CREATE INDEX rule_trial_started ON rule_trial (started_at);
