-- How many people had a day without a quiet hour, of the last week that is over: one number for the whole desk, made once. week is its Monday, in days
-- since 1970; people is 0 for nothing that can be said, else 3 or more, and or_more that it may have been more. Nothing is kept of a person.
CREATE TABLE quiet_week (
  week BIGINT PRIMARY KEY,
  people BIGINT NOT NULL,
  or_more BOOLEAN NOT NULL
);
