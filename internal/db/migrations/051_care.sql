-- That somebody had a hard ticket, for a week: so that the next goes to somebody else, and so that they are asked whether they would like a
-- pause. Nobody reads it but package care. asked says that they were asked because of it.
CREATE TABLE care_turn (
  person_id BIGINT NOT NULL REFERENCES person (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  at BIGINT NOT NULL,
  asked BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (person_id, ticket_id)
);
CREATE INDEX care_turn_at ON care_turn (at);
CREATE INDEX care_turn_ticket ON care_turn (ticket_id);
