package io.campanile.identity;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.AuditStore;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.KeyRoutes;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.identity.audit.AuditRoutes;
import io.campanile.identity.audit.AuditService;
import io.campanile.identity.audit.AuditSource;
import io.campanile.identity.authentication.AuthenticationRoutes;
import io.campanile.identity.authentication.AuthenticationService;
import io.campanile.identity.authentication.AuthenticationStore;
import io.campanile.identity.bootstrap.BootstrapRoutes;
import io.campanile.identity.bootstrap.BootstrapService;
import io.campanile.identity.bootstrap.BootstrapStore;
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
import io.campanile.identity.people.MeRoutes;
import io.campanile.identity.people.PersonService;
import io.campanile.identity.people.PersonStore;
import io.campanile.identity.people.RightsRoutes;
import io.campanile.identity.people.RightsStore;
import io.campanile.identity.principals.PrincipalRoutes;
import io.campanile.identity.principals.PrincipalStore;
import io.campanile.identity.scim.AccountService;
import io.campanile.identity.scim.AccountStore;
import io.campanile.identity.scim.AssignmentService;
import io.campanile.identity.scim.AssignmentStore;
import io.campanile.identity.scim.DirectoryStore;
import io.campanile.identity.scim.GroupService;
import io.campanile.identity.scim.GroupStore;
import io.campanile.identity.scim.ScimRoutes;
import io.campanile.identity.sessions.PasswordCheck;
import io.campanile.identity.sessions.SessionRoutes;
import io.campanile.identity.sessions.SessionService;
import io.campanile.identity.sessions.SessionStore;
import io.campanile.identity.settings.AddressListService;
import io.campanile.identity.settings.SettingsRoutes;
import io.campanile.identity.settings.SettingsStore;
import io.campanile.identity.settings.WorkspaceConfService;
import io.campanile.identity.tokens.TokenManagementRoutes;
import io.campanile.identity.tokens.TokenRoutes;
import io.campanile.identity.tokens.TokenService;
import io.campanile.identity.tokens.TokenStore;
import io.campanile.identity.usage.UsageRoutes;
import io.campanile.identity.usage.UsageService;
import io.campanile.identity.usage.UsageStore;
import io.campanile.identity.usage.Use;
import io.campanile.identity.workspaces.AssignmentRoutes;
import io.campanile.identity.workspaces.ClosingService;
import io.campanile.identity.workspaces.ClosingStore;
import io.campanile.identity.workspaces.HttpClusterClient;
import io.campanile.identity.workspaces.WorkspaceRoutes;
import io.campanile.identity.workspaces.WorkspaceService;
import io.campanile.identity.workspaces.WorkspaceStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the identity service together and runs it. */
public final class IdentityServer implements RunningService {
    public static final String NAME = "identity";
    private static final Logger LOG = LoggerFactory.getLogger(IdentityServer.class);
    /** The other services with an audit log. */
    private static final List<String> OTHERS = List.of("workspace", "cluster-manager", "notebook-service");

    private static final long BODY_LIMIT = 1024 * 1024;
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration KEY_SIGNS = Duration.ofDays(30);
    /** Longer than anybody is told to keep a list of keys. */
    private static final Duration KEY_AHEAD = Duration.ofDays(1);
    /** How long a stolen access token is worth anything; clients renew it by themselves. */
    private static final Duration ACCESS_TOKEN_LIFE = Duration.ofHours(1);
    /** How long a client may renew its access before the person is asked again. */
    private static final Duration GRANT_LIFE = Duration.ofDays(30);

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final ServiceEnvironment environment;
    private final Database database;
    private final ServiceHttp http;
    private final List<Long> timers;

    private IdentityServer(ServiceEnvironment environment, Database database, ServiceHttp http, List<Long> timers) {
        this.environment = requireNonNull(environment, "environment");
        this.database = requireNonNull(database, "database");
        this.http = requireNonNull(http, "http");
        this.timers = List.copyOf(timers);
    }

    public static Future<IdentityServer> start(ServiceEnvironment environment) {
        return start(environment, IdentityConfig.defaults());
    }

    public static Future<IdentityServer> start(ServiceEnvironment environment, IdentityConfig config) {
        return environment
                .vertx()
                .executeBlocking(() -> build(environment, config), false)
                .compose(server ->
                        server.http.listen().<IdentityServer>map(server).onFailure(failure -> server.close()));
    }

    @Override
    public int port() {
        return http.port();
    }

    @Override
    public void close() {
        timers.forEach(environment.vertx()::cancelTimer);
        http.close();
        database.close();
    }

    /** Opens the database and hashes once: blocking. */
    private static IdentityServer build(ServiceEnvironment environment, IdentityConfig config) {
        Passwords passwords = new Passwords(config.concurrentHashes());
        Database database = Database.open(environment.database(), NAME, NAME);
        DSLContext db = database.context();
        Clock clock = environment.clock();
        SettingsStore settings = new SettingsStore(db);
        WorkspaceConfService conf = new WorkspaceConfService(settings);
        AddressListService addresses = new AddressListService(settings, clock);
        UsageService usage = new UsageService(new UsageStore(db));
        RightsStore rights = new RightsStore(db);
        TokenService tokens = new TokenService(
                new TokenStore(db),
                usage,
                conf,
                new TokenService.Rules(config.tokenLife(), config.longestTokenLife(), config.tokensPerUser()),
                clock);
        LoginLimits limits = new LoginLimits(config.loginsPerMinute(), clock);
        PasswordRules passwordRules = new PasswordRules(config.passwordLength());
        SessionStore sessionStore = new SessionStore(db);
        SessionService sessions = new SessionService(
                sessionStore,
                new PasswordCheck(sessionStore, passwords, passwordRules, clock),
                (person, address, accountAdmin) -> {
                    addresses.require(person.workspaceId(), address);
                    usage.require(
                            person.with(rights.of(person.workspaceId(), person.userId(), accountAdmin)), Use.PASSWORDS);
                },
                new SessionService.Rules(config.sessionIdle(), config.sessionLife()),
                limits,
                clock);
        Envelope envelope = new Envelope(database, new MasterKeys(environment.dataDir(), clock));
        SigningKeyService keys = new SigningKeyService(
                new SigningKeyStore(db, envelope),
                new SigningKeyService.Rules(KEY_SIGNS, KEY_AHEAD, ACCESS_TOKEN_LIFE),
                clock);
        AccessTokens accessTokens = new AccessTokens(keys, clock);
        OAuthStore oauth = new OAuthStore(db);
        TokenGrantService grants = new TokenGrantService(
                oauth,
                accessTokens,
                addresses,
                limits,
                new TokenGrantService.Rules(ACCESS_TOKEN_LIFE, GRANT_LIFE),
                clock);
        ServiceHttp http = new ServiceHttp(NAME, environment, BODY_LIMIT, database::answers);
        http.audit(database);
        new KeyRoutes(envelope).mount(http.endpoints());
        new OAuthRoutes(new AuthorizationService(oauth, clock), grants, accessTokens).mount(http.endpoints());
        new ClientSecretRoutes(new ClientSecretService(new ClientSecretStore(db), config.longestTokenLife(), clock))
                .mount(http.endpoints());
        new AuthenticationRoutes(
                        new AuthenticationService(
                                new AuthenticationStore(db), accessTokens, config.sessionIdle(), clock),
                        rights,
                        addresses)
                .mount(http.endpoints());
        new SessionRoutes(sessions).mount(http.endpoints());
        new PasswordRoutes(new PasswordService(new PasswordStore(db), passwords, passwordRules, limits, clock))
                .mount(http.endpoints());
        new TokenRoutes(tokens).mount(http.endpoints());
        new RightsRoutes(new PersonStore(db), new RightsStore(db)).mount(http.endpoints());
        new TokenManagementRoutes(tokens).mount(http.endpoints());
        new UsageRoutes(usage).mount(http.endpoints());
        new SettingsRoutes(conf, addresses).mount(http.endpoints());
        new AuditRoutes(auditOf(environment, database), http.blocking()).mount(http.endpoints());
        new MeRoutes(new PersonService(new PersonStore(db))).mount(http.endpoints());
        DirectoryStore directory = new DirectoryStore(db);
        new ScimRoutes(
                        new AccountService(directory, new AccountStore(db), clock),
                        new GroupService(directory, new GroupStore(db), clock))
                .mount(http.endpoints());
        new WorkspaceRoutes(new WorkspaceService(new WorkspaceStore(db), config.longestTokenLife(), clock))
                .mount(http.endpoints());
        new AssignmentRoutes(new AssignmentService(directory, new AssignmentStore(db), clock)).mount(http.endpoints());
        new PrincipalRoutes(new PrincipalStore(db)).mount(http.endpoints());
        new BootstrapRoutes(new BootstrapService(new BootstrapStore(db), passwords, config.longestTokenLife(), clock))
                .mount(http.endpoints());
        ClosingService closings = new ClosingService(
                new ClosingStore(db),
                new HttpClusterClient(
                        new InternalClient(environment.directory(), environment.tokens(), "cluster-manager"), NAME),
                clock);
        Runnable housekeeping = () -> {
            tokens.sweep();
            sessions.sweep();
            grants.sweep();
            keys.tend();
        };
        List<Long> timers = List.of(
                every(environment, http, SWEEP, housekeeping, "Ended credentials could not be swept"),
                every(environment, http, CLOSE, closings::run, "Deleted workspaces could not be closed"));
        return new IdentityServer(environment, database, http, timers);
    }

    private static AuditService auditOf(ServiceEnvironment environment, Database database) {
        List<AuditSource> sources = new ArrayList<>(List.of(AuditSource.own(new AuditStore(database, NAME))));
        OTHERS.forEach(other -> sources.add(AuditSource.of(environment.client(other))));
        return new AuditService(sources);
    }

    /** Runs {@code work} off the event loop again and again, never twice at once. */
    private static long every(
            ServiceEnvironment environment, ServiceHttp http, Duration pause, Runnable work, String failed) {
        AtomicBoolean running = new AtomicBoolean();
        return environment.vertx().setPeriodic(pause.toMillis(), id -> {
            if (running.compareAndSet(false, true)) {
                http.blocking()
                        .call(() -> {
                            work.run();
                            return true;
                        })
                        .onFailure(failure -> LOG.atWarn().setCause(failure).log(failed))
                        .onComplete(ended -> running.set(false));
            }
        });
    }
}
