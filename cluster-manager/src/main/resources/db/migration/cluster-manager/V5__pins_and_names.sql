-- As in its spec, to sort lists by.
alter table cluster add column cluster_name varchar(1024) default '' not null;
-- [jooq ignore start]
update cluster set cluster_name = coalesce(left(spec::json ->> 'cluster_name', 1024), '');
-- [jooq ignore stop]

-- Who keeps it in the list, and since when.
alter table cluster add column pinned_by varchar(512);
alter table cluster add column pinned_at bigint;

-- What administrators set for all clusters of a workspace.
create table cluster_setting (
    workspace_id bigint not null,
    max_lifetime_minutes bigint not null,
    constraint cluster_setting_pk primary key (workspace_id)
);
