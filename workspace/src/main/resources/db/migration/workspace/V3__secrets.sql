-- Names of scopes and keys differ by more than case: the *_key columns hold them in lower case, as they are found.
create table secret_scope (
    workspace_id bigint not null,
    scope_key varchar(128) not null,
    name varchar(128) not null,
    created_by bigint not null,
    created_at timestamp with time zone not null,
    constraint secret_scope_pk primary key (workspace_id, scope_key)
);

-- sealed opens only under the workspace's data key of that version, and only in this row.
create table secret (
    workspace_id bigint not null,
    scope_key varchar(128) not null,
    secret_key varchar(128) not null,
    name varchar(128) not null,
    key_version integer not null,
    sealed bytea not null,
    updated_at timestamp with time zone not null,
    constraint secret_pk primary key (workspace_id, scope_key, secret_key),
    constraint secret_scope_fk foreign key (workspace_id, scope_key)
        references secret_scope (workspace_id, scope_key) on delete cascade
);
create index secret_key_version_ix on secret (workspace_id, key_version);

-- Goes with its scope: a scope made anew under the same name is nobody's but its maker's.
create table secret_acl (
    workspace_id bigint not null,
    scope_key varchar(128) not null,
    principal_id bigint not null,
    permission varchar(16) not null,
    constraint secret_acl_pk primary key (workspace_id, scope_key, principal_id),
    constraint secret_acl_scope_fk foreign key (workspace_id, scope_key)
        references secret_scope (workspace_id, scope_key) on delete cascade,
    constraint secret_acl_permission_ck check (permission in ('READ', 'WRITE', 'MANAGE'))
);
create index secret_acl_principal_ix on secret_acl (workspace_id, principal_id);
