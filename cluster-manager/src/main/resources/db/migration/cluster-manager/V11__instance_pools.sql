-- settings: what is neither asked of by the database nor changed by an edit alone, as JSON.
-- trouble: why the pool has fewer idle nodes than it is to have; null when it has them or is on its way there.
create table instance_pool (
    pool_id varchar(64) not null,
    workspace_id bigint not null,
    name varchar(100) not null,
    node_type_id varchar(64) not null,
    min_idle integer not null,
    max_capacity integer,
    idle_minutes integer not null,
    settings varchar(65536) not null,
    creator_user_id bigint not null,
    creator_user_name varchar(512) not null,
    created_at bigint not null,
    trouble varchar(4096),
    trouble_node_id varchar(64),
    constraint instance_pool_pk primary key (workspace_id, pool_id),
    constraint instance_pool_name_uk unique (workspace_id, name)
);

-- The instance pool a node was made for, of its own workspace; null for others and for the warm pool of the installation.
alter table node add column pool_id varchar(64);
create index node_pool_ix on node (workspace_id, pool_id);
