-- Calendars: working hours, days off, and each form that they had.

CREATE TABLE calendar (
	id         {{id}},
	name       TEXT NOT NULL,
	name_key   TEXT NOT NULL UNIQUE,      -- folded
	version_id BIGINT NOT NULL DEFAULT 0, -- the newest one
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);

-- What a calendar was, each time it was saved; never changed.
CREATE TABLE calendar_version (
	id          {{id}},
	calendar_id BIGINT NOT NULL,          -- stays when the calendar goes: what was promised by it stays explained
	definition  TEXT NOT NULL,            -- JSON
	created_at  BIGINT NOT NULL
);
CREATE INDEX calendar_version_of ON calendar_version (calendar_id, id);
