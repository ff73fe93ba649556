-- The line as those who wait see it: their place, what they are told, how long it took, and who was moved ahead.

-- Counts who comes before somebody, in the index alone.
CREATE INDEX ticket_line ON ticket (assignee_id, team_id, due_at, priority, waiting_since, id, turn) WHERE turn = 'ours';
