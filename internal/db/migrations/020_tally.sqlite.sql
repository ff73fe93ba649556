-- What measuring a hundred thousand tickets taught of 012. The twin for PostgreSQL has the indices alone.

-- There is one writer here, so it adds up at once: an import of many tickets leaves nothing to fold.
DROP TRIGGER ticket_counted_in;
DROP TRIGGER ticket_counted_out;
DROP TRIGGER ticket_counted_over;
DELETE FROM ticket_count;
INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n)
  SELECT team_id, turn, is_open, CASE WHEN is_open THEN coalesce(assignee_id, 0) ELSE 0 END, count(*) FROM ticket GROUP BY 1, 2, 3, 4;
CREATE UNIQUE INDEX ticket_count_sort ON ticket_count (team_id, turn, is_open, assignee_id);
CREATE TRIGGER ticket_counted_in AFTER INSERT ON ticket BEGIN
  INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n) VALUES (NEW.team_id, NEW.turn, NEW.is_open, CASE WHEN NEW.is_open THEN coalesce(NEW.assignee_id, 0) ELSE 0 END, 1)
    ON CONFLICT (team_id, turn, is_open, assignee_id) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER ticket_counted_out AFTER DELETE ON ticket BEGIN
  INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n) VALUES (OLD.team_id, OLD.turn, OLD.is_open, CASE WHEN OLD.is_open THEN coalesce(OLD.assignee_id, 0) ELSE 0 END, -1)
    ON CONFLICT (team_id, turn, is_open, assignee_id) DO UPDATE SET n = n + excluded.n; END;
CREATE TRIGGER ticket_counted_over AFTER UPDATE OF team_id, turn, is_open, assignee_id ON ticket
  WHEN NEW.turn <> OLD.turn OR NEW.team_id <> OLD.team_id OR NEW.is_open <> OLD.is_open OR NEW.assignee_id IS NOT OLD.assignee_id BEGIN
  INSERT INTO ticket_count (team_id, turn, is_open, assignee_id, n) VALUES
    (OLD.team_id, OLD.turn, OLD.is_open, CASE WHEN OLD.is_open THEN coalesce(OLD.assignee_id, 0) ELSE 0 END, -1),
    (NEW.team_id, NEW.turn, NEW.is_open, CASE WHEN NEW.is_open THEN coalesce(NEW.assignee_id, 0) ELSE 0 END, 1)
    ON CONFLICT (team_id, turn, is_open, assignee_id) DO UPDATE SET n = n + excluded.n; END;

-- Done tickets are most of them, and are looked through by their age too; who waits longest is asked for by turn.
DROP INDEX ticket_open_created;
CREATE INDEX ticket_open_created ON ticket (is_open, created_at, id);
CREATE INDEX ticket_turn_waiting ON ticket (turn, waiting_since, id) WHERE waiting_since > 0;
