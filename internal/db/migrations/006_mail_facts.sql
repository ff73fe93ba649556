-- What a mail said of itself and what was found out about it, as JSON (mailbox.Facts); '' for mails from before.
ALTER TABLE mail ADD COLUMN facts TEXT NOT NULL DEFAULT '';
