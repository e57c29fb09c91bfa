package io.campanile.identity;

import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.identity.authentication.AuthenticationRoutes;
import io.campanile.identity.authentication.AuthenticationService;
import io.campanile.identity.authentication.AuthenticationStore;
import io.campanile.identity.bootstrap.BootstrapRoutes;
import io.campanile.identity.bootstrap.BootstrapService;
import io.campanile.identity.bootstrap.BootstrapStore;
import io.campanile.identity.credentials.Passwords;
import io.campanile.identity.people.MeRoutes;
import io.campanile.identity.people.PersonService;
import io.campanile.identity.people.PersonStore;
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
import io.campanile.identity.sessions.SessionRoutes;
import io.campanile.identity.sessions.SessionService;
import io.campanile.identity.sessions.SessionStore;
import io.campanile.identity.tokens.TokenRoutes;
import io.campanile.identity.tokens.TokenService;
import io.campanile.identity.tokens.TokenStore;
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
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the identity service together and runs it. */
public final class IdentityServer implements RunningService {
    public static final String NAME = "identity";
    private static final Logger LOG = LoggerFactory.getLogger(IdentityServer.class);
    private static final long BODY_LIMIT = 1024 * 1024;
    private static final Duration SWEEP = Duration.ofHours(1);
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
        TokenService tokens = new TokenService(
                new TokenStore(db),
                new TokenService.Rules(config.tokenLife(), config.longestTokenLife(), config.tokensPerUser()),
                clock);
        SessionService sessions = new SessionService(
                new SessionStore(db),
                passwords,
                new SessionService.Rules(config.sessionIdle(), config.sessionLife(), config.loginsPerMinute()),
                clock);
        ServiceHttp http = new ServiceHttp(NAME, environment, BODY_LIMIT, database::answers);
        http.audit(database);
        new AuthenticationRoutes(
                        new AuthenticationService(new AuthenticationStore(db), config.sessionIdle(), clock),
                        new RightsStore(db))
                .mount(http.endpoints());
        new SessionRoutes(sessions).mount(http.endpoints());
        new TokenRoutes(tokens).mount(http.endpoints());
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
        List<Long> timers = List.of(
                sweep(environment, http, tokens, sessions),
                every(environment, http, CLOSE, closings::run, "Deleted workspaces could not be closed"));
        return new IdentityServer(environment, database, http, timers);
    }

    private static long sweep(
            ServiceEnvironment environment, ServiceHttp http, TokenService tokens, SessionService sessions) {
        Runnable sweep = () -> {
            tokens.sweep();
            sessions.sweep();
        };
        return every(environment, http, SWEEP, sweep, "Ended credentials could not be swept");
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
