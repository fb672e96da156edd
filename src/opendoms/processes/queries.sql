-- Reads of processes: orders by their process ids, each with what was said about its process, which mostly is nothing.
-- That comes as `detail`, so that both documents are answered as bytes.

-- name: process
select orders.document, processes.document as detail
from orders left join processes on processes.tenant = orders.tenant and processes.id = orders.process_id
where orders.tenant = :tenant and orders.process_id = :process_id

-- name: process_of_order
select orders.document, processes.document as detail
from orders left join processes on processes.tenant = orders.tenant and processes.id = orders.process_id
where orders.tenant = :tenant and orders.id = :order_id

-- Few orders share a business key or a consumer; of more than :size, the newest.
-- name: processes_by_tenant_order_id
select orders.id, orders.document, processes.document as detail
from orders left join processes on processes.tenant = orders.tenant and processes.id = orders.process_id
where orders.tenant = :tenant and orders.tenant_order_id = :tenant_order_id and orders.id < :before
order by orders.id desc limit :size

-- name: processes_by_consumer_id
select orders.id, orders.document, processes.document as detail
from orders left join processes on processes.tenant = orders.tenant and processes.id = orders.process_id
where orders.tenant = :tenant and orders.consumer_id = :consumer_id and orders.id < :before
order by orders.id desc limit :size

-- Lists and what a search looks through: the newest first, since ids are UUIDv7.
-- name: processes_newest_first
select orders.process_id, orders.document, processes.document as detail
from orders left join processes on processes.tenant = orders.tenant and processes.id = orders.process_id
where orders.tenant = :tenant and orders.process_id < :before
order by orders.process_id desc limit :size

-- name: count_processes
select count(*) from orders where tenant = :tenant
