-- The thank-you card that somebody wrote to whoever covered for them.
CREATE TABLE shift_cover_card (
  cover_id BIGINT PRIMARY KEY REFERENCES shift_cover (id) ON DELETE CASCADE,
  card_id BIGINT NOT NULL REFERENCES card (id) ON DELETE CASCADE
);
CREATE INDEX shift_cover_card_card ON shift_cover_card (card_id);
