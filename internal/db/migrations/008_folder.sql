-- The folders that a mailbox reads, each with its own place and health. since is the moment from which mail is read, 0 for
-- all of it. The name '' stands for the one folder of before, until the mailbox is read by a program that knows its name.
CREATE TABLE mailbox_folder (
  id {{id}},
  mailbox_id BIGINT NOT NULL REFERENCES mailbox (id),
  name TEXT NOT NULL,
  since BIGINT NOT NULL,
  uid_validity BIGINT NOT NULL DEFAULT 0,
  last_uid BIGINT NOT NULL DEFAULT 0,
  connected_at BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  error_at BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL DEFAULT 0,
  waiting BIGINT NOT NULL DEFAULT 0,
  UNIQUE (mailbox_id, name)
);
INSERT INTO mailbox_folder (mailbox_id, name, since, uid_validity, last_uid, connected_at)
  SELECT id, '', 0, uid_validity, last_uid, connected_at FROM mailbox WHERE uid_validity <> 0;
ALTER TABLE mailbox DROP COLUMN uid_validity;
ALTER TABLE mailbox DROP COLUMN last_uid;
ALTER TABLE mailbox DROP COLUMN connected_at;
ALTER TABLE mailbox DROP COLUMN error;
ALTER TABLE mailbox DROP COLUMN error_at;

-- How the program signs in where that is not by a password, and the sealed refresh token that somebody's consent gave.
ALTER TABLE mailbox ADD COLUMN oauth TEXT NOT NULL DEFAULT '';
ALTER TABLE mailbox ADD COLUMN refresh_token TEXT NOT NULL DEFAULT '';
ALTER TABLE mailbox ADD COLUMN granted_at BIGINT NOT NULL DEFAULT 0;

-- What has not gone out, for the page that says so.
CREATE INDEX delivery_open ON delivery (mailbox_id, id) WHERE state <> 'sent';
