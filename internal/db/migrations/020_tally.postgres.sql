-- What measuring a hundred thousand tickets taught of 012. The twin for SQLite has counts that are added up at once besides.

-- Done tickets are most of them, and are looked through by their age too; who waits longest is asked for by turn.
DROP INDEX ticket_open_created;
CREATE INDEX ticket_open_created ON ticket (is_open, created_at, id);
CREATE INDEX ticket_turn_waiting ON ticket (turn, waiting_since, id) WHERE waiting_since > 0;
