-- Tickets that sleep, that became part of another, or that lie in the trash. Each of these is a turn of its own ('snoozed',
-- 'merged', 'trash'), so that lists by turn need to know nothing of it.

-- snooze says what wakes a snoozed ticket: 'until' (the moment alone) or 'answer' (an answer, or else the moment); ''
-- for one that is awake. snoozed_until is 0 when only an answer wakes it.
ALTER TABLE ticket ADD COLUMN snooze TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN snoozed_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN merged_into BIGINT REFERENCES ticket (id);
ALTER TABLE ticket ADD COLUMN trashed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX ticket_snoozed ON ticket (snoozed_until, id) WHERE snooze <> '';
CREATE INDEX ticket_merged ON ticket (merged_into, id) WHERE merged_into IS NOT NULL;
CREATE INDEX ticket_trashed ON ticket (trashed_at, id) WHERE trashed_at <> 0;

-- What somebody chose for themselves: keys, columns, what they want to be told. name is a word of the feature that reads it.
CREATE TABLE person_preference (
  person_id BIGINT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (person_id, name)
);
