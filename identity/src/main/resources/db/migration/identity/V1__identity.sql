create table workspace (
    workspace_id bigint generated always as identity (start with 1000001),
    name varchar(128) not null,
    created_at timestamp with time zone not null,
    constraint workspace_pk primary key (workspace_id)
);

-- A person belongs to one workspace; login_name is user_name in lower case, so that sign-in finds one account.
create table account (
    user_id bigint generated always as identity (start with 2000001),
    workspace_id bigint not null,
    user_name varchar(256) not null,
    login_name varchar(256) not null,
    display_name varchar(256) not null,
    password_hash varchar(512) not null,
    active boolean not null,
    created_at timestamp with time zone not null,
    constraint account_pk primary key (user_id),
    constraint account_login_uk unique (login_name),
    constraint account_workspace_uk unique (workspace_id, user_id),
    constraint account_workspace_fk foreign key (workspace_id) references workspace (workspace_id)
);

create table user_group (
    group_id bigint generated always as identity (start with 3000001),
    workspace_id bigint not null,
    name varchar(256) not null,
    constraint user_group_pk primary key (group_id),
    constraint user_group_name_uk unique (workspace_id, name),
    constraint user_group_workspace_uk unique (workspace_id, group_id),
    constraint user_group_workspace_fk foreign key (workspace_id) references workspace (workspace_id)
);

create table group_member (
    workspace_id bigint not null,
    group_id bigint not null,
    user_id bigint not null,
    constraint group_member_pk primary key (group_id, user_id),
    constraint group_member_group_fk foreign key (workspace_id, group_id) references user_group (workspace_id, group_id),
    constraint group_member_user_fk foreign key (workspace_id, user_id) references account (workspace_id, user_id)
);
create index group_member_user_ix on group_member (workspace_id, user_id);

-- lookup: the first characters of the secret, which alone open nothing; secret_hash: SHA-256 of the whole.
create table access_token (
    token_id varchar(64) not null,
    workspace_id bigint not null,
    user_id bigint not null,
    lookup varchar(16) not null,
    secret_hash varchar(64) not null,
    comment varchar(1024) not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    last_used_at timestamp with time zone,
    constraint access_token_pk primary key (token_id),
    constraint access_token_lookup_uk unique (lookup),
    constraint access_token_user_fk foreign key (workspace_id, user_id) references account (workspace_id, user_id)
);
create index access_token_user_ix on access_token (workspace_id, user_id);

create table login_session (
    session_id varchar(64) not null,
    workspace_id bigint not null,
    user_id bigint not null,
    lookup varchar(16) not null,
    secret_hash varchar(64) not null,
    address varchar(64) not null,
    created_at timestamp with time zone not null,
    last_used_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    constraint login_session_pk primary key (session_id),
    constraint login_session_lookup_uk unique (lookup),
    constraint login_session_user_fk foreign key (workspace_id, user_id) references account (workspace_id, user_id)
);
create index login_session_user_ix on login_session (workspace_id, user_id);

-- At most one row: the workspace of the first start. Not confirmed = its credentials may have been lost on the way.
create table installation (
    singleton integer not null,
    workspace_id bigint not null,
    user_id bigint not null,
    confirmed_at timestamp with time zone,
    constraint installation_pk primary key (singleton),
    constraint installation_singleton_ck check (singleton = 1),
    constraint installation_user_fk foreign key (workspace_id, user_id) references account (workspace_id, user_id)
);
