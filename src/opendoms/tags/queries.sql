-- Reads of tags.

-- name: tag_document
select document from tags where tenant = :tenant and id = :id

-- By id going up: the ids are the callers' own words, and no measure of age.
-- name: list_tags
select document from tags
where tenant = :tenant and id > :after
order by id limit :size

-- name: count_tags
select count(*) from tags where tenant = :tenant

-- name: tags_by_ids [sqlite]
select id, document from tags where tenant = :tenant and id in (select value from json_each(:ids))

-- name: tags_by_ids [postgres]
select id, document from tags where tenant = :tenant and id = any(:ids)
