-- The search index of order records.
insert into search_indexes (name, definition) values ('order_record_search', '');

-- The rowid of the document in order_record_search: the moment in ms and a number among the documents of that moment.
alter table order_records add column search_key integer;
create unique index order_records_search_key on order_records (search_key);

-- Keeps what order_search keeps for orders.
create virtual table order_record_search
    using fts5 (terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
