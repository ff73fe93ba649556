-- What the desk offers, with the questions that go with it; and what is known of a ticket as facts.

-- words are those that people use for it, one a line. version counts every change of the row, so that a form that was
-- open meanwhile is noticed; form is the version of the questions that is asked now, 0 for none.
CREATE TABLE service (
  id {{id}},
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  sentence TEXT NOT NULL,
  words TEXT NOT NULL,
  team_id BIGINT REFERENCES team (id),
  kind TEXT NOT NULL,
  priority TEXT NOT NULL,
  tags TEXT NOT NULL,
  shown BOOLEAN NOT NULL,
  place BIGINT NOT NULL,
  form BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- The questions of a service as they were asked since a moment, as JSON. Versions are never changed.
CREATE TABLE service_form (
  service_id BIGINT NOT NULL REFERENCES service (id),
  version BIGINT NOT NULL,
  questions TEXT NOT NULL,
  person_id BIGINT REFERENCES person (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (service_id, version)
);

ALTER TABLE ticket ADD COLUMN service_id BIGINT REFERENCES service (id);
CREATE INDEX ticket_service ON ticket (service_id, activity_at, id) WHERE service_id IS NOT NULL;

-- What is known of a ticket: label and value as they were asked and answered, so that they stay readable whatever becomes
-- of the question. source and key name the question to the program; cause is the way in which the answer came.
CREATE TABLE ticket_fact (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  value TEXT NOT NULL,
  cause TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (ticket_id, source, key)
);
