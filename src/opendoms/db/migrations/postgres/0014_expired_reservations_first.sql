-- What has expired of an article lies together, whatever else is reserved of it: each promise asks for just that, and
-- with the facility in front of the time it read every reservation of the article.
drop index reservations_that_expire;
create index reservations_that_expire
    on reservations (tenant, tenant_article_id, valid_until, facility_ref, quantity) where valid_until is not null;
