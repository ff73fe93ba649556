-- What a browser sent lately with a form's one-time key, so that a form sent twice makes one thing.
-- ticket_id is NULL until the transaction that took the key has made the ticket.
CREATE TABLE form_sent (
  hash BYTEA PRIMARY KEY,
  ticket_id BIGINT REFERENCES ticket (id),
  sent_at BIGINT NOT NULL
);
CREATE INDEX form_sent_at ON form_sent (sent_at);
