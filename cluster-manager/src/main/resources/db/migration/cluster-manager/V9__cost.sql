-- What a node of a type costs per hour from when on; null: no price.
create table node_price (
    node_type_id varchar(64) not null,
    since bigint not null,
    price numeric(18, 6),
    currency varchar(3) not null,
    constraint node_price_pk primary key (node_type_id, since)
);

-- One row for each node and hour of its life, once the hour or the node is over. Follows from the node's row and the
-- prices, so that writing it again changes nothing; stays when the node is forgotten.
create table usage_hour (
    workspace_id bigint not null,
    node_id varchar(64) not null,
    hour_at bigint not null,
    cluster_id varchar(64) not null,
    cluster_name varchar(1024) not null,
    owner_user_id bigint not null,
    owner_user_name varchar(512) not null,
    tags varchar(65536) not null,
    node_type_id varchar(64) not null,
    role varchar(16) not null,
    millis bigint not null,
    price numeric(18, 6),
    currency varchar(3) not null,
    constraint usage_hour_pk primary key (workspace_id, node_id, hour_at)
);

create index usage_hour_ix on usage_hour (workspace_id, hour_at, node_id);
create index usage_hour_age_ix on usage_hour (hour_at);

-- Up to when the node's life stands in usage_hour; when it is gone, all of it.
alter table node add column usage_until bigint;

create table budget (
    budget_id varchar(36) not null,
    workspace_id bigint not null,
    name varchar(100) not null,
    scope varchar(16) not null,
    user_id bigint,
    user_name varchar(512),
    tag_key varchar(127),
    tag_value varchar(255),
    period varchar(16) not null,
    amount numeric(18, 6) not null,
    thresholds varchar(4096) not null,
    grace_minutes bigint not null,
    creator_user_name varchar(512) not null,
    created_at bigint not null,
    updated_at bigint not null,
    constraint budget_pk primary key (workspace_id, budget_id),
    constraint budget_name_uk unique (workspace_id, name)
);

-- What a cluster was told of a budget in one of its periods; due_at: when it is ended if nothing changes.
create table budget_notice (
    workspace_id bigint not null,
    budget_id varchar(36) not null,
    cluster_id varchar(64) not null,
    action varchar(16) not null,
    period_at bigint not null,
    told_at bigint not null,
    due_at bigint,
    constraint budget_notice_pk primary key (workspace_id, budget_id, cluster_id, action)
);
