-- Users, groups and service principals share one sequence of ids: an access list names a principal by its id alone.
create sequence principal_id_seq start with 4000001;

-- host_name: the first label of the workspace's host, such as "acme" of acme.localhost. Null: reached by its id alone.
alter table workspace add column host_name varchar(63);
alter table workspace add column deleted_at timestamp with time zone;
alter table workspace add constraint workspace_host_uk unique (host_name);

-- Who signs in: a user or a service principal, known to the account. Its home workspace made it and alone may set its
-- password; an administrator of the account can make it a member of others (a row of account each).
create table person (
    user_id bigint not null,
    home_workspace_id bigint not null,
    kind varchar(24) not null,
    login_name varchar(256) not null,
    password_hash varchar(512),
    password_set_at timestamp with time zone,
    account_admin boolean not null,
    failed_logins integer not null,
    locked_until timestamp with time zone,
    created_at timestamp with time zone not null,
    constraint person_pk primary key (user_id),
    constraint person_login_uk unique (home_workspace_id, login_name),
    constraint person_home_fk foreign key (home_workspace_id) references workspace (workspace_id),
    constraint person_kind_ck check (kind in ('USER', 'SERVICE_PRINCIPAL'))
);
create index person_login_ix on person (login_name);

-- [jooq ignore start]
insert into person (user_id, home_workspace_id, kind, login_name, password_hash, password_set_at, account_admin,
        failed_logins, locked_until, created_at)
    select a.user_id, a.workspace_id, 'USER', a.login_name, a.password_hash, a.created_at,
        exists (select 1 from installation i where i.user_id = a.user_id), 0, null, a.created_at
    from account a;
-- [jooq ignore stop]

-- A membership: the person as this workspace knows them. user_name of a service principal is its application id.
alter table account drop constraint account_login_uk;
alter table account drop column password_hash;
alter table account add column kind varchar(24) not null default 'USER';
alter table account add column external_id varchar(256);
alter table account add column given_name varchar(256);
alter table account add column family_name varchar(256);
alter table account add column emails jsonb;
alter table account add column modified_at timestamp with time zone;
alter table account add constraint account_login_uk unique (workspace_id, login_name);
alter table account add constraint account_kind_ck check (kind in ('USER', 'SERVICE_PRINCIPAL'));
-- [jooq ignore start]
alter table installation drop constraint installation_user_fk;
alter table account drop constraint account_pk cascade;
alter table account drop constraint account_workspace_uk cascade;
alter table account alter column user_id drop identity;
alter table account add constraint account_pk primary key (workspace_id, user_id);
alter table account add constraint account_person_fk foreign key (user_id) references person (user_id);
alter table installation add constraint installation_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id);
alter table access_token add constraint access_token_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id) on delete cascade;
alter table login_session add constraint login_session_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id) on delete cascade;
alter table user_group alter column group_id drop identity;
alter table user_group drop constraint user_group_name_uk;
-- [jooq ignore stop]
create index account_user_ix on account (user_id);

alter table user_group add column external_id varchar(256);
alter table user_group add column created_at timestamp with time zone;
-- [jooq ignore start]
create unique index user_group_name_uk on user_group (workspace_id, (lower(name)));
-- [jooq ignore stop]

-- A member is a user, a service principal or a group: the column names whichever it is by its principal id.
alter table group_member rename column user_id to member_id;
alter table group_member add column member_kind varchar(24) not null default 'USER';
alter table group_member add constraint group_member_kind_ck check (member_kind in ('USER', 'SERVICE_PRINCIPAL', 'GROUP'));

-- allow-cluster-create, allow-instance-pool-create, databricks-sql-access, workspace-access; of users and of groups.
create table entitlement (
    workspace_id bigint not null,
    principal_id bigint not null,
    name varchar(64) not null,
    constraint entitlement_pk primary key (workspace_id, principal_id, name),
    constraint entitlement_workspace_fk foreign key (workspace_id) references workspace (workspace_id)
);
-- [jooq ignore start]
insert into entitlement (workspace_id, principal_id, name)
    select g.workspace_id, g.group_id, e.name from user_group g
    cross join (values ('workspace-access'), ('databricks-sql-access')) as e (name) where g.name = 'users';
-- [jooq ignore stop]

-- scopes: null is everything the person may do.
alter table access_token add column scopes jsonb;
alter table access_token add column created_by bigint;

-- OAuth secrets of service principals: shown once, kept as a hash.
create table client_secret (
    secret_id varchar(64) not null,
    workspace_id bigint not null,
    user_id bigint not null,
    lookup varchar(16) not null,
    secret_hash varchar(64) not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    constraint client_secret_pk primary key (secret_id),
    constraint client_secret_lookup_uk unique (lookup)
);
create index client_secret_user_ix on client_secret (workspace_id, user_id);
