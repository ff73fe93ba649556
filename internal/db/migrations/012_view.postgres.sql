-- Lists: counts that are kept by whatever writes, orders, and views that somebody saved. The twin for SQLite differs in the
-- language of the triggers alone.

-- How many tickets there are, as appended differences that a job folds; their sum counts. assignee_id is 0 for nobody, and
-- for tickets that are not open. follow_count has the open tickets that somebody follows.
CREATE TABLE ticket_count (
  id {{id}},
  team_id BIGINT NOT NULL,
  turn TEXT NOT NULL,
  is_open BOOLEAN NOT NULL,
  assignee_id BIGINT NOT NULL,
  n BIGINT NOT NULL
);
CREATE TABLE follow_count (
  id {{id}},
  person_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  n BIGINT NOT NULL
);
CREATE INDEX follow_count_person ON follow_count (person_id);

-- Triggers, because no statement can forget them: see decision 009. A statement ends at a semicolon that ends a line, so
-- within a function none does.
CREATE FUNCTION ticket_counted_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n) SELECT team_id, turn, is_open, CASE WHEN is_open THEN coalesce(assignee_id, 0) ELSE 0 END, count(*) FROM fresh GROUP BY 1, 2, 3, 4; RETURN NULL; END $$;
CREATE TRIGGER ticket_counted_in AFTER INSERT ON ticket REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ticket_counted_in();
CREATE FUNCTION ticket_counted_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n) SELECT team_id, turn, is_open, CASE WHEN is_open THEN coalesce(assignee_id, 0) ELSE 0 END, -count(*) FROM gone GROUP BY 1, 2, 3, 4; RETURN NULL; END $$;
CREATE TRIGGER ticket_counted_out AFTER DELETE ON ticket REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ticket_counted_out();
CREATE FUNCTION ticket_counted_over() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n) VALUES
    (OLD.team_id, OLD.turn, OLD.is_open, CASE WHEN OLD.is_open THEN coalesce(OLD.assignee_id, 0) ELSE 0 END, -1),
    (NEW.team_id, NEW.turn, NEW.is_open, CASE WHEN NEW.is_open THEN coalesce(NEW.assignee_id, 0) ELSE 0 END, 1); RETURN NULL; END $$;
CREATE TRIGGER ticket_counted_over AFTER UPDATE OF team_id, turn, is_open, assignee_id ON ticket FOR EACH ROW
  WHEN (NEW.turn <> OLD.turn OR NEW.team_id <> OLD.team_id OR NEW.is_open <> OLD.is_open OR NEW.assignee_id IS DISTINCT FROM OLD.assignee_id) EXECUTE FUNCTION ticket_counted_over();
CREATE FUNCTION ticket_followed_over() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO follow_count (person_id, team_id, n) SELECT person_id, OLD.team_id, -1 FROM follower WHERE ticket_id = OLD.id AND OLD.is_open; INSERT INTO follow_count (person_id, team_id, n) SELECT person_id, NEW.team_id, 1 FROM follower WHERE ticket_id = NEW.id AND NEW.is_open; RETURN NULL; END $$;
CREATE TRIGGER ticket_followed_over AFTER UPDATE OF team_id, is_open ON ticket FOR EACH ROW
  WHEN (NEW.team_id <> OLD.team_id OR NEW.is_open <> OLD.is_open) EXECUTE FUNCTION ticket_followed_over();
-- The ticket is locked first: what its row says must still hold when the difference is committed.
CREATE FUNCTION follower_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM 1 FROM ticket WHERE id = OLD.ticket_id FOR NO KEY UPDATE; INSERT INTO follow_count (person_id, team_id, n) SELECT OLD.person_id, team_id, -1 FROM ticket WHERE id = OLD.ticket_id AND is_open; END IF;  IF TG_OP <> 'DELETE' THEN PERFORM 1 FROM ticket WHERE id = NEW.ticket_id FOR NO KEY UPDATE; INSERT INTO follow_count (person_id, team_id, n) SELECT NEW.person_id, team_id, 1 FROM ticket WHERE id = NEW.ticket_id AND is_open; END IF; RETURN NULL; END $$;
CREATE TRIGGER follower_counted AFTER INSERT OR UPDATE OR DELETE ON follower FOR EACH ROW EXECUTE FUNCTION follower_counted();

INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n)
  SELECT team_id, turn, is_open, CASE WHEN is_open THEN coalesce(assignee_id, 0) ELSE 0 END, count(*) FROM ticket GROUP BY 1, 2, 3, 4;
INSERT INTO follow_count (person_id, team_id, n)
  SELECT f.person_id, t.team_id, count(*) FROM follower f JOIN ticket t ON t.id = f.ticket_id WHERE t.is_open GROUP BY 1, 2;

-- Orders of lists besides that by activity. An order whose first part holds few tickets has an index of those alone.
CREATE INDEX ticket_created ON ticket (created_at, id);
CREATE INDEX ticket_open_created ON ticket (created_at, id) WHERE is_open = TRUE;
CREATE INDEX ticket_waiting ON ticket (waiting_since, id) WHERE waiting_since > 0;
CREATE INDEX ticket_priority ON ticket (priority, activity_at, id) WHERE priority <> 'normal';

-- A list under a name. place is what its address holds: the filter and how the list is shown. removed_at is 0 for one that
-- is there; one that was removed is kept for a while, to be brought back.
CREATE TABLE saved_view (
  id {{id}},
  owner_id BIGINT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  shared BOOLEAN NOT NULL,
  filter TEXT NOT NULL,
  place TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX saved_view_owner ON saved_view (owner_id, id);
CREATE INDEX saved_view_shared ON saved_view (id) WHERE shared;
