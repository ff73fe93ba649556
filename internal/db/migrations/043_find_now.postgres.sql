-- A list of what is still to be put into an index is read through by every search: pages are put in at once. They are written seldom.
ALTER INDEX search_place_heading SET (fastupdate = off);
ALTER INDEX search_place_anywhere SET (fastupdate = off);
SELECT gin_clean_pending_list('search_place_heading'), gin_clean_pending_list('search_place_anywhere');
