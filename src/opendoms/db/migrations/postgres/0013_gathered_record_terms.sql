-- Order records come in bulk. Their terms are gathered in a list and sorted into the index together, which spares more than
-- half of what a record writes to the log; whoever fills the list sorts. Searches read the list too, so it is short (KiB).
alter index order_record_search_by_term set (fastupdate = on, gin_pending_list_limit = 256);
