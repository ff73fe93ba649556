-- What the filter language looks up, and tickets that are put aside.

-- The domain of an address: what is left without all that stands up to the @. ticket.requesterField asks for the same.
CREATE INDEX person_address_domain ON person_address (replace(address, rtrim(address, replace(address, '@', '')), ''));
