-- Mail in and out, background jobs, and answers kept for Idempotency-Key.

-- One row a mail taken in; sha256 names the raw bytes, problem is why they are not the whole mail. dedupe is NULL
-- until the mail is read.
CREATE TABLE mail (
  id {{id}},
  mailbox_id BIGINT NOT NULL REFERENCES mailbox (id),
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  envelope_from TEXT NOT NULL,
  envelope_to TEXT NOT NULL,
  source TEXT NOT NULL,
  problem TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '',
  attempts BIGINT NOT NULL DEFAULT 0,
  dedupe TEXT,
  ticket_id BIGINT REFERENCES ticket (id),
  message_id BIGINT REFERENCES message (id),
  received_at BIGINT NOT NULL
);
CREATE INDEX mail_waiting ON mail (id) WHERE state = 'waiting';
CREATE UNIQUE INDEX mail_dedupe ON mail (dedupe);
CREATE INDEX mail_message ON mail (message_id);

-- One row a recipient of an outgoing message; without a mailbox when the desk has none.
CREATE TABLE delivery (
  id {{id}},
  message_id BIGINT NOT NULL REFERENCES message (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  mailbox_id BIGINT REFERENCES mailbox (id),
  address TEXT NOT NULL,
  copy BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  next_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX delivery_message ON delivery (message_id);
CREATE INDEX delivery_ticket ON delivery (ticket_id);

CREATE TABLE job (
  id {{id}},
  kind TEXT NOT NULL,
  args TEXT NOT NULL,
  unique_key TEXT UNIQUE,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  error TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (state, run_at, id);

CREATE TABLE idempotency (
  person_id BIGINT NOT NULL REFERENCES person (id),
  idempotency_key TEXT NOT NULL,
  request TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (person_id, idempotency_key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);
