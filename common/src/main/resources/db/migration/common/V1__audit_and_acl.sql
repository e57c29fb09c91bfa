-- In every service's schema: what changed and what was refused, written in the transaction of the change itself.
create table audit_event (
    event_id bigint generated always as identity,
    workspace_id bigint not null,
    at timestamp with time zone not null default clock_timestamp(),
    user_id bigint not null,
    user_name varchar(256) not null,
    via varchar(64),
    action varchar(128) not null,
    resource varchar(512) not null,
    outcome varchar(16) not null,
    request_id varchar(128) not null,
    details jsonb not null,
    constraint audit_event_pk primary key (event_id),
    constraint audit_event_outcome_ck check (outcome in ('DONE', 'DENIED'))
);
create index audit_event_time_ix on audit_event (workspace_id, at desc, event_id desc);

create function audit_event_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'The audit log is append-only';
end
$$;
create trigger audit_event_append_only before update or delete on audit_event
    for each row execute function audit_event_is_append_only();
create trigger audit_event_no_truncate before truncate on audit_event
    for each statement execute function audit_event_is_append_only();

-- Who was given which level on an object of this service. An object without rows has only what it inherits.
create table object_acl (
    workspace_id bigint not null,
    object_type varchar(32) not null,
    object_id varchar(128) not null,
    principal_id bigint not null,
    principal_kind varchar(24) not null,
    level varchar(32) not null,
    constraint object_acl_pk primary key (workspace_id, object_type, object_id, principal_id),
    constraint object_acl_kind_ck check (principal_kind in ('USER', 'GROUP', 'SERVICE_PRINCIPAL'))
);
create index object_acl_principal_ix on object_acl (workspace_id, principal_id, object_type);
