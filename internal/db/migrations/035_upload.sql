-- Files on their way to a form that is not sent yet. hash is of the secret in an upload's address, which alone lets somebody
-- go on with it or send it; the bytes lie in a file named by the id until then. holder is for whom it is counted: a network
-- or a person.
CREATE TABLE upload (
  id {{id}},
  hash BYTEA NOT NULL UNIQUE,
  holder TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  length BIGINT NOT NULL,
  received BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX upload_expires ON upload (expires_at, id);

-- How much each holder began to upload in an hour, counted in hours since 1970; what was removed since counts too.
CREATE TABLE upload_hour (
  hour BIGINT NOT NULL,
  holder TEXT NOT NULL,
  files BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (hour, holder)
);
