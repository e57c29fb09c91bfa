-- Keys that sign OAuth tokens, of the whole installation. A key is published before it signs, and stays published until
-- the last token it signed has ended. The private half is sealed under the installation's data key (workspace 0).
create table signing_key (
    key_id varchar(64) not null,
    public_key varchar(4096) not null,
    private_key bytea not null,
    created_at timestamp with time zone not null,
    signs_from timestamp with time zone not null,
    signs_until timestamp with time zone not null,
    published_until timestamp with time zone not null,
    constraint signing_key_pk primary key (key_id)
);

-- What a person allowed a client to do in their name. Its refresh tokens are one family: who shows a used one ends it.
create table oauth_grant (
    grant_id varchar(64) not null,
    workspace_id bigint not null,
    user_id bigint not null,
    client_id varchar(128) not null,
    scopes varchar(1024) not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    revoked_at timestamp with time zone,
    constraint oauth_grant_pk primary key (grant_id)
);
create index oauth_grant_user_ix on oauth_grant (workspace_id, user_id);

create table oauth_code (
    lookup varchar(16) not null,
    secret_hash varchar(64) not null,
    workspace_id bigint not null,
    user_id bigint not null,
    session_id varchar(64) not null,
    client_id varchar(128) not null,
    redirect_uri varchar(256) not null,
    code_challenge varchar(64) not null,
    scopes varchar(1024) not null,
    nonce varchar(256),
    grant_id varchar(64) not null,
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone,
    constraint oauth_code_pk primary key (lookup)
);

create table refresh_token (
    lookup varchar(16) not null,
    secret_hash varchar(64) not null,
    workspace_id bigint not null,
    grant_id varchar(64) not null,
    created_at timestamp with time zone not null,
    used_at timestamp with time zone,
    constraint refresh_token_pk primary key (lookup),
    constraint refresh_token_grant_fk foreign key (grant_id) references oauth_grant (grant_id) on delete cascade
);
create index refresh_token_grant_ix on refresh_token (grant_id);

-- [jooq ignore start]
alter table oauth_grant add constraint oauth_grant_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id) on delete cascade;
alter table oauth_code add constraint oauth_code_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id) on delete cascade;
alter table client_secret add constraint client_secret_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id) on delete cascade;
-- [jooq ignore stop]

-- A password that an administrator set is good for choosing another one, until it ends.
alter table person add column must_change_password boolean not null default false;
alter table person add column password_expires_at timestamp with time zone;
alter table person add column last_failed_at timestamp with time zone;

-- Where a person has signed in from: guesses made elsewhere do not lock them out there.
create table known_address (
    user_id bigint not null,
    address varchar(64) not null,
    last_used_at timestamp with time zone not null,
    constraint known_address_pk primary key (user_id, address),
    constraint known_address_user_fk foreign key (user_id) references person (user_id) on delete cascade
);

create table workspace_conf (
    workspace_id bigint not null,
    name varchar(64) not null,
    setting varchar(256) not null,
    constraint workspace_conf_pk primary key (workspace_id, name),
    constraint workspace_conf_workspace_fk foreign key (workspace_id) references workspace (workspace_id)
);

create table ip_access_list (
    list_id varchar(64) not null,
    workspace_id bigint not null,
    label varchar(256) not null,
    list_type varchar(8) not null,
    ip_addresses jsonb not null,
    enabled boolean not null,
    created_at timestamp with time zone not null,
    created_by bigint not null,
    updated_at timestamp with time zone not null,
    updated_by bigint not null,
    constraint ip_access_list_pk primary key (list_id),
    constraint ip_access_list_label_uk unique (workspace_id, label),
    constraint ip_access_list_type_ck check (list_type in ('ALLOW', 'BLOCK')),
    constraint ip_access_list_workspace_fk foreign key (workspace_id) references workspace (workspace_id)
);
create index ip_access_list_workspace_ix on ip_access_list (workspace_id);
