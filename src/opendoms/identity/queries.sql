-- Reads of identity. Documents come as bytes. Nothing of this is written to history: it holds secrets.

-- Newest ids first (UUIDv7), so that the limit can only cut off the oldest keys.
-- name: signing_keys [sqlite]
select cast(document as blob) from signing_keys where tenant = :tenant order by id desc limit :size

-- name: signing_keys [postgres]
select convert_to(document, 'UTF8') from signing_keys where tenant = :tenant order by id desc limit :size

-- name: user_by_id [sqlite]
select cast(document as blob) from users where tenant = :tenant and id = :id

-- name: user_by_id [postgres]
select convert_to(document, 'UTF8') from users where tenant = :tenant and id = :id

-- Over all tenants, since signing in names none. Served by users_email.
-- name: user_by_email [sqlite]
select cast(document as blob) from users where email = :email

-- name: user_by_email [postgres]
select convert_to(document, 'UTF8') from users where email = :email
