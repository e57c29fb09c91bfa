package io.campanile.identity;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Rights;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.KeyRoutes;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.identity.authentication.AuthenticationRoutes;
import io.campanile.identity.authentication.AuthenticationService;
import io.campanile.identity.authentication.AuthenticationStore;
import io.campanile.identity.clientsecrets.ClientSecretRoutes;
import io.campanile.identity.clientsecrets.ClientSecretService;
import io.campanile.identity.clientsecrets.ClientSecretStore;
import io.campanile.identity.credentials.LoginLimits;
import io.campanile.identity.credentials.PasswordRules;
import io.campanile.identity.credentials.Passwords;
import io.campanile.identity.keys.SigningKeyService;
import io.campanile.identity.keys.SigningKeyStore;
import io.campanile.identity.oauth.AccessTokens;
import io.campanile.identity.oauth.AuthorizationService;
import io.campanile.identity.oauth.OAuthRoutes;
import io.campanile.identity.oauth.OAuthStore;
import io.campanile.identity.oauth.TokenGrantService;
import io.campanile.identity.passwords.PasswordRoutes;
import io.campanile.identity.passwords.PasswordService;
import io.campanile.identity.passwords.PasswordStore;
import io.campanile.identity.people.PersonStore;
import io.campanile.identity.people.RightsRoutes;
import io.campanile.identity.people.RightsStore;
import io.campanile.identity.scim.DirectoryStore;
import io.campanile.identity.scim.FederationService;
import io.campanile.identity.scim.FederationStore;
import io.campanile.identity.sessions.Farewell;
import io.campanile.identity.sessions.PasswordCheck;
import io.campanile.identity.sessions.SessionRoutes;
import io.campanile.identity.sessions.SessionService;
import io.campanile.identity.sessions.SessionStore;
import io.campanile.identity.settings.AddressListService;
import io.campanile.identity.settings.SettingsRoutes;
import io.campanile.identity.settings.SettingsStore;
import io.campanile.identity.settings.WorkspaceConfService;
import io.campanile.identity.sso.SsoParts;
import io.campanile.identity.sso.SsoSessionService;
import io.campanile.identity.sso.SsoStore;
import io.campanile.identity.tokens.TokenManagementRoutes;
import io.campanile.identity.tokens.TokenRoutes;
import io.campanile.identity.tokens.TokenService;
import io.campanile.identity.tokens.TokenStore;
import io.campanile.identity.usage.UsageRoutes;
import io.campanile.identity.usage.UsageService;
import io.campanile.identity.usage.UsageStore;
import io.campanile.identity.usage.Use;
import java.time.Clock;
import java.time.Duration;

/** Sign-in, sessions, tokens and OAuth, put together. */
final class SignInParts {
    private static final Duration KEY_SIGNS = Duration.ofDays(30);
    /** Longer than anybody is told to keep a list of keys. */
    private static final Duration KEY_AHEAD = Duration.ofDays(1);
    /** How long a stolen access token is worth anything; clients renew it by themselves. */
    private static final Duration ACCESS_TOKEN_LIFE = Duration.ofHours(1);
    /** How long a client may renew its access before the person is asked again. */
    private static final Duration GRANT_LIFE = Duration.ofDays(30);

    private final TokenService tokens;
    private final SessionService sessions;
    private final TokenGrantService grants;
    private final SigningKeyService keys;
    private final SsoSessionService sso;
    private final PasswordService passwords;

    private SignInParts(
            TokenService tokens,
            SessionService sessions,
            TokenGrantService grants,
            SigningKeyService keys,
            SsoSessionService sso,
            PasswordService passwords) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.sessions = requireNonNull(sessions, "sessions");
        this.grants = requireNonNull(grants, "grants");
        this.keys = requireNonNull(keys, "keys");
        this.sso = requireNonNull(sso, "sso");
        this.passwords = requireNonNull(passwords, "passwords");
    }

    /** Whose password may be set by whom, and what ends with the old one. */
    PasswordService passwords() {
        return passwords;
    }

    /** Forgets what has ended, and turns the signing keys over. */
    void tend() {
        tokens.sweep();
        sessions.sweep();
        grants.sweep();
        keys.tend();
        sso.sweep();
    }

    /** Asks the identity provider about sessions that are due. */
    void confirm() {
        sso.tend();
    }

    /** What more than one feature of sign-in needs. */
    private record Shared(
            WorkspaceConfService conf,
            AddressListService addresses,
            UsageService usage,
            RightsStore rights,
            Passwords passwords,
            PasswordRules passwordRules,
            LoginLimits limits) {}

    static SignInParts mount(
            ServiceEnvironment environment,
            IdentityConfig config,
            Database database,
            Passwords passwords,
            Endpoints api) {
        var db = database.context();
        Clock clock = environment.clock();
        SettingsStore settings = new SettingsStore(db);
        Shared shared = new Shared(
                new WorkspaceConfService(settings),
                new AddressListService(settings, clock),
                new UsageService(new UsageStore(db)),
                new RightsStore(db),
                passwords,
                new PasswordRules(config.passwordLength()),
                new LoginLimits(config.loginsPerMinute(), clock));
        TokenService tokens = mountTokens(database, config, shared, clock, api);
        Envelope envelope = new Envelope(database, new MasterKeys(environment.dataDir(), clock));
        SsoParts sso = new SsoParts(
                config.sso(),
                new SsoStore(db, envelope),
                new FederationService(new DirectoryStore(db), new FederationStore(db), clock),
                clock);
        SessionService sessions = mountSessions(database, config, shared, sso.sessions(), clock, api);
        sso.mount(api, sessions, shared.addresses());
        SigningKeyService keys = new SigningKeyService(
                new SigningKeyStore(db, envelope),
                new SigningKeyService.Rules(KEY_SIGNS, KEY_AHEAD, ACCESS_TOKEN_LIFE),
                clock);
        AccessTokens accessTokens = new AccessTokens(keys, clock);
        TokenGrantService grants = mountOAuth(database, config, shared, accessTokens, clock, api);
        new KeyRoutes(envelope).mount(api);
        new AuthenticationRoutes(
                        new AuthenticationService(
                                new AuthenticationStore(db), accessTokens, config.sessionIdle(), clock),
                        shared.rights(),
                        shared.addresses())
                .mount(api);
        new RightsRoutes(new PersonStore(db), shared.rights()).mount(api);
        new SettingsRoutes(shared.conf(), shared.addresses()).mount(api);
        PasswordService ofPeople = mountPasswords(database, config, shared, clock, api);
        return new SignInParts(tokens, sessions, grants, keys, sso.sessions(), ofPeople);
    }

    private static TokenService mountTokens(
            Database database, IdentityConfig config, Shared shared, Clock clock, Endpoints api) {
        TokenService tokens = new TokenService(
                new TokenStore(database.context()),
                shared.usage(),
                shared.conf(),
                new TokenService.Rules(config.tokenLife(), config.longestTokenLife(), config.tokensPerUser()),
                clock);
        new TokenRoutes(tokens).mount(api);
        new TokenManagementRoutes(tokens).mount(api);
        new UsageRoutes(shared.usage()).mount(api);
        return tokens;
    }

    private static SessionService mountSessions(
            Database database, IdentityConfig config, Shared shared, Farewell farewell, Clock clock, Endpoints api) {
        SessionStore store = new SessionStore(database.context());
        SessionService sessions = new SessionService(
                store,
                new PasswordCheck(store, shared.passwords(), shared.passwordRules(), clock),
                (person, address, accountAdmin) -> {
                    requirePasswords(config, accountAdmin);
                    shared.addresses().require(person.workspaceId(), address);
                    Rights rights = shared.rights().of(person.workspaceId(), person.userId(), accountAdmin);
                    shared.usage().require(person.with(rights), Use.PASSWORDS);
                    return rights;
                },
                farewell,
                new SessionService.Rules(config.sessionIdle(), config.sessionLife()),
                shared.limits(),
                clock);
        new SessionRoutes(sessions).mount(api);
        return sessions;
    }

    private static PasswordService mountPasswords(
            Database database, IdentityConfig config, Shared shared, Clock clock, Endpoints api) {
        PasswordService passwords = new PasswordService(
                new PasswordStore(database.context()),
                shared.passwords(),
                shared.passwordRules(),
                shared.limits(),
                config.sso().passwordSignIn(),
                clock);
        new PasswordRoutes(passwords).mount(api);
        return passwords;
    }

    /** The account's administrators always get in: somebody must when the provider is away or set up wrongly. */
    private static void requirePasswords(IdentityConfig config, boolean accountAdmin) {
        if (!config.sso().passwordSignIn() && !accountAdmin) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "Sign-in with a password is switched off here: sign in with "
                            + config.sso().name());
        }
    }

    private static TokenGrantService mountOAuth(
            Database database,
            IdentityConfig config,
            Shared shared,
            AccessTokens accessTokens,
            Clock clock,
            Endpoints api) {
        OAuthStore store = new OAuthStore(database.context());
        TokenGrantService grants = new TokenGrantService(
                store,
                accessTokens,
                shared.addresses(),
                shared.limits(),
                new TokenGrantService.Rules(ACCESS_TOKEN_LIFE, GRANT_LIFE),
                clock);
        new OAuthRoutes(new AuthorizationService(store, clock), grants, accessTokens).mount(api);
        new ClientSecretRoutes(new ClientSecretService(
                        new ClientSecretStore(database.context()), config.longestTokenLife(), clock))
                .mount(api);
        return grants;
    }
}
