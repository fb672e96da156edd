-- Levels are counters: they change far more often than they come. With room on their pages a change stays where it was
-- and touches no index. (On SQLite the same number puts the levels of an article side by side.)
alter table stock_levels set (fillfactor = 70);
-- The reasons of promises are kept in another form, and those of before cannot be told any more.
delete from promise_explanations;
