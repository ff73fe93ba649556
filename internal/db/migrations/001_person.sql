-- People, what they belong to, and how they come in. Times are milliseconds since 1970 UTC.

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE organisation (
  id {{id}},
  name TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  see_colleagues BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE organisation_domain (
  domain TEXT PRIMARY KEY,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX organisation_domain_of ON organisation_domain (organisation_id);

CREATE TABLE person (
  id {{id}},
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT NOT NULL,
  zone TEXT NOT NULL,
  organisation_id BIGINT REFERENCES organisation (id) ON DELETE SET NULL,
  password TEXT NOT NULL DEFAULT '',
  totp_secret TEXT NOT NULL DEFAULT '',
  totp_step BIGINT NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL,
  merged_into BIGINT REFERENCES person (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX person_role ON person (role, id);
CREATE INDEX person_organisation ON person (organisation_id, id);

-- address is lower case; the first one is the address of record.
CREATE TABLE person_address (
  address TEXT PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person (id),
  first BOOLEAN NOT NULL,
  verified_at BIGINT NOT NULL,
  bounced_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_address_of ON person_address (person_id, first);

-- What a merge moved, as JSON, so that it can be undone.
CREATE TABLE person_merge (
  id {{id}},
  kept_id BIGINT NOT NULL REFERENCES person (id),
  gone_id BIGINT NOT NULL REFERENCES person (id),
  moved TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES person (id),
  merged_at BIGINT NOT NULL,
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_merge_kept ON person_merge (kept_id);

CREATE TABLE team (
  id {{id}},
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  private BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE team_member (
  team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  PRIMARY KEY (team_id, person_id)
);
CREATE INDEX team_member_person ON team_member (person_id);

-- Secrets that people carry are kept as SHA-256 of the secret.
CREATE TABLE session (
  id {{id}},
  hash BYTEA NOT NULL UNIQUE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL,
  remote TEXT NOT NULL
);
CREATE INDEX session_person ON session (person_id);

CREATE TABLE sign_in_link (
  hash BYTEA PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES person (id),
  browser BYTEA NOT NULL,
  next TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sign_in_link_expires ON sign_in_link (expires_at);

CREATE TABLE token (
  id {{id}},
  hash BYTEA NOT NULL UNIQUE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  read_only BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0,
  used_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX token_person ON token (person_id);

CREATE TABLE attempt (
  subject TEXT PRIMARY KEY,
  count BIGINT NOT NULL,
  since BIGINT NOT NULL
);

CREATE TABLE audit (
  id {{id}},
  at BIGINT NOT NULL,
  person_id BIGINT REFERENCES person (id),
  action TEXT NOT NULL,
  thing TEXT NOT NULL,
  detail TEXT NOT NULL,
  remote TEXT NOT NULL
);
CREATE INDEX audit_person ON audit (person_id, id);
