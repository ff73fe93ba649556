-- Work that was asked for once more while it ran: from when on it is to run again; 0 for not.
ALTER TABLE job ADD COLUMN again_at BIGINT NOT NULL DEFAULT 0;
