-- The search index of orders: one token per term, and the order of its rowids is the order of results.

-- What each search index was built with. An index that is being rebuilt has come as far as the key; a null: it is whole.
create table search_indexes (
    name text not null primary key,
    definition text not null,
    rebuilt_tenant text,
    rebuilt_id text
) without rowid;
insert into search_indexes (name, definition) values ('order_search', '');

-- The rowid of the document in order_search: the moment in ms and a number among the documents of that moment.
alter table orders add column search_key integer;
create unique index orders_search_key on orders (search_key);

-- Keeps no text, no positions, no lengths: only which documents have a term.
create virtual table order_search using fts5 (terms, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
