-- Thank-you cards: words from one person to another, or to the desk as a whole (to_id is NULL then).

-- from_id is NULL when whoever wrote it is not here any more. how is page, mail or colleague; message_id is the message that was taken for
-- thanks. from_says and to_says are what writer and holder say of the wall: '' not yet, yes, no. hung_at is since when it hangs there; kept
-- that its holder shows it to nobody. away_at is when the holder put it aside.
CREATE TABLE card (
  id {{id}},
  ticket_id BIGINT REFERENCES ticket (id),
  from_id BIGINT REFERENCES person (id),
  to_id BIGINT REFERENCES person (id),
  text TEXT NOT NULL,
  how TEXT NOT NULL,
  message_id BIGINT UNIQUE REFERENCES message (id),
  at BIGINT NOT NULL,
  from_says TEXT NOT NULL DEFAULT '',
  to_says TEXT NOT NULL DEFAULT '',
  hung_at BIGINT NOT NULL DEFAULT 0,
  kept BOOLEAN NOT NULL DEFAULT FALSE,
  away_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX card_to ON card (to_id, at, id);
CREATE INDEX card_from ON card (from_id, at, id);
CREATE INDEX card_ticket ON card (ticket_id, id);
CREATE INDEX card_hung ON card (hung_at, id) WHERE hung_at > 0;
CREATE INDEX card_at ON card (at, id);
