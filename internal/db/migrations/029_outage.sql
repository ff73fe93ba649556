-- What does not work for many at once, and work that is planned.

-- audience is all, organisations (outage_organisation) or team: staff only. state is planned, open, over or cancelled. until_at is when
-- planned work ends by itself, next_at when news was promised, due_at when the desk next has to look at it by itself, 0 for not.
-- reminded_at is the next_at of which whoever posted it was reminded. changed counts for calendars. form is the hash of the form that made it.
CREATE TABLE outage (
  id {{id}},
  planned BOOLEAN NOT NULL,
  title TEXT NOT NULL,
  what TEXT NOT NULL,
  words TEXT NOT NULL,
  audience TEXT NOT NULL,
  team_id BIGINT REFERENCES team (id),
  state TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL DEFAULT 0,
  over_at BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL DEFAULT 0,
  reminded_at BIGINT NOT NULL DEFAULT 0,
  changed BIGINT NOT NULL DEFAULT 0,
  by_id BIGINT REFERENCES person (id),
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  form BYTEA UNIQUE
);
CREATE INDEX outage_state ON outage (state, since_at);
CREATE INDEX outage_due ON outage (due_at) WHERE due_at > 0;
CREATE INDEX outage_over ON outage (over_at) WHERE over_at > 0;

CREATE TABLE outage_organisation (
  outage_id BIGINT NOT NULL REFERENCES outage (id) ON DELETE CASCADE,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  PRIMARY KEY (outage_id, organisation_id)
);
CREATE INDEX outage_organisation_of ON outage_organisation (organisation_id);

-- A ticket speaks of one outage at most. from_id is the ticket that brought the link when it became part of this one, 0 for none.
CREATE TABLE outage_ticket (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  outage_id BIGINT NOT NULL REFERENCES outage (id),
  from_id BIGINT NOT NULL DEFAULT 0,
  at BIGINT NOT NULL
);
CREATE INDEX outage_ticket_of ON outage_ticket (outage_id, ticket_id);

-- Who said "me too" (in), asked to and has not said so from their own mail yet (asked), or wants to hear no more of it (left).
CREATE TABLE outage_person (
  outage_id BIGINT NOT NULL REFERENCES outage (id),
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (outage_id, person_id)
);
CREATE INDEX outage_person_of ON outage_person (person_id);

-- News. kind is news, over, cancelled or changed (of planned work). last_person and last_ticket are how far it was told, so that what
-- was interrupted goes on; people and tickets how many it is to reach, told how many people it did.
CREATE TABLE outage_update (
  id {{id}},
  outage_id BIGINT NOT NULL REFERENCES outage (id),
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  solve BOOLEAN NOT NULL DEFAULT FALSE,
  telling BOOLEAN NOT NULL,
  people BIGINT NOT NULL,
  told BIGINT NOT NULL DEFAULT 0,
  last_person BIGINT NOT NULL DEFAULT 0,
  last_ticket BIGINT NOT NULL DEFAULT 0,
  form BYTEA UNIQUE
);
CREATE INDEX outage_update_of ON outage_update (outage_id, id);

-- Whom an update was mailed to.
CREATE TABLE outage_told (
  update_id BIGINT NOT NULL REFERENCES outage_update (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  PRIMARY KEY (update_id, person_id)
);
CREATE INDEX outage_told_of ON outage_told (person_id);

-- How often a private feed address was renewed; subject is person or organisation, with its id.
CREATE TABLE outage_feed (
  subject TEXT NOT NULL,
  id BIGINT NOT NULL,
  renewed BIGINT NOT NULL,
  PRIMARY KEY (subject, id)
);

INSERT INTO counter (name, value) VALUES ('outage', 0);
