-- A cluster's nodes under one epoch: its driver, and workers by the executor id that no other of them has.
alter table node add column role varchar(16) default 'DRIVER' not null;
alter table node add column executor_id integer;
-- Since when it is being decommissioned.
alter table node add column leaving_since bigint;
create unique index node_executor_uk on node (workspace_id, cluster_id, epoch, executor_id);

-- Workers wanted now, executors that serve, workers lost under this epoch and told of, and whether it was said that
-- some cannot be had.
alter table cluster add column target_workers integer default 0 not null;
alter table cluster add column current_workers integer default 0 not null;
alter table cluster add column lost_workers integer default 0 not null;
alter table cluster add column workers_short boolean default false not null;
