-- Whom an identity provider means by a subject, which is the one thing about a person that it never changes.
create table sso_link (
    issuer varchar(512) not null,
    subject varchar(255) not null,
    user_id bigint not null,
    linked_at timestamp with time zone not null,
    last_sign_in_at timestamp with time zone not null,
    constraint sso_link_pk primary key (issuer, subject),
    constraint sso_link_user_uk unique (issuer, user_id),
    constraint sso_link_user_fk foreign key (user_id) references person (user_id) on delete cascade
);

-- Memberships that follow the provider's groups. Suspended: the account is inactive because the group is gone, and comes
-- back with it; an inactive account that is not suspended was deactivated by an administrator and stays so.
create table sso_membership (
    workspace_id bigint not null,
    user_id bigint not null,
    suspended boolean not null,
    constraint sso_membership_pk primary key (workspace_id, user_id)
);

-- Sign-ins on their way. Both secrets are kept as hashes: the state that the provider sends back, and the browser's.
create table sso_attempt (
    lookup varchar(16) not null,
    secret_hash varchar(64) not null,
    browser_hash varchar(64) not null,
    workspace_id bigint,
    redirect_uri varchar(512) not null,
    next_path varchar(2048) not null,
    expires_at timestamp with time zone not null,
    constraint sso_attempt_pk primary key (lookup)
);
create index sso_attempt_end_ix on sso_attempt (expires_at);

-- What a session here hangs on over there. The provider's tokens are sealed under the installation's data key.
create table sso_session (
    session_id varchar(64) not null,
    workspace_id bigint not null,
    user_id bigint not null,
    issuer varchar(512) not null,
    subject varchar(255) not null,
    provider_session varchar(255),
    tokens bytea not null,
    refreshed_at timestamp with time zone not null,
    refresh_at timestamp with time zone not null,
    ends_at timestamp with time zone,
    failing_since timestamp with time zone,
    constraint sso_session_pk primary key (session_id),
    constraint sso_session_fk foreign key (session_id) references login_session (session_id) on delete cascade
);
create index sso_session_due_ix on sso_session (refresh_at);
create index sso_session_subject_ix on sso_session (issuer, subject);

-- Logout tokens that were obeyed, until they would be too old anyway.
create table sso_logout_token (
    token_id varchar(255) not null,
    expires_at timestamp with time zone not null,
    constraint sso_logout_token_pk primary key (token_id)
);

-- [jooq ignore start]
alter table sso_membership add constraint sso_membership_user_fk
    foreign key (workspace_id, user_id) references account (workspace_id, user_id) on delete cascade;
-- [jooq ignore stop]
