package io.campanile.identity;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.AuditStore;
import io.campanile.common.db.Database;
import io.campanile.common.db.TenantErasure;
import io.campanile.common.http.Endpoints;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.identity.audit.AuditRoutes;
import io.campanile.identity.audit.AuditService;
import io.campanile.identity.audit.AuditSource;
import io.campanile.identity.bootstrap.BootstrapRoutes;
import io.campanile.identity.bootstrap.BootstrapService;
import io.campanile.identity.bootstrap.BootstrapStore;
import io.campanile.identity.credentials.Passwords;
import io.campanile.identity.workspaces.ClosingService;
import io.campanile.identity.workspaces.ClosingStore;
import io.campanile.identity.workspaces.HttpClusterClient;
import io.campanile.identity.workspaces.HttpWorkspaceKeeper;
import io.campanile.identity.workspaces.WorkspaceKeeper;
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

    /** How soon after a session is due its provider is asked. */
    private static final Duration CONFIRM = Duration.ofSeconds(2);

    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration ERASE_AT_ONCE = Duration.ofSeconds(15);

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
        ServiceHttp http = new ServiceHttp(NAME, environment, BODY_LIMIT, database::answers);
        http.audit(database);
        Endpoints api = http.endpoints();
        SignInParts signIn = SignInParts.mount(environment, config, database, passwords, api);
        DirectoryParts.mount(database, config, signIn.passwords(), clock, api);
        new AuditRoutes(auditOf(environment, database), http.blocking()).mount(api);
        new BootstrapRoutes(new BootstrapService(new BootstrapStore(db), passwords, config.longestTokenLife(), clock))
                .mount(api);
        ClosingService closings = closingsOf(environment, config, database);
        List<Long> timers = List.of(
                every(environment, http, SWEEP, signIn::tend, "Ended credentials could not be swept"),
                every(environment, http, CONFIRM, signIn::confirm, "The identity provider could not be asked"),
                every(environment, http, CLOSE, closings::run, "Deleted workspaces could not be closed"));
        return new IdentityServer(environment, database, http, timers);
    }

    private static AuditService auditOf(ServiceEnvironment environment, Database database) {
        List<AuditSource> sources = new ArrayList<>(List.of(AuditSource.own(new AuditStore(database, NAME))));
        OTHERS.forEach(other -> sources.add(AuditSource.of(environment.client(other))));
        return new AuditService(sources);
    }

    private static ClosingService closingsOf(ServiceEnvironment environment, IdentityConfig config, Database database) {
        ClosingStore store = new ClosingStore(database.context());
        List<WorkspaceKeeper> keepers = new ArrayList<>();
        OTHERS.forEach(other -> keepers.add(new HttpWorkspaceKeeper(environment.client(other), NAME)));
        // That there was a workspace of this id is still known; everything in it is gone.
        TenantErasure own = new TenantErasure(database, "workspace", "workspace_closing");
        keepers.add(workspaceId -> {
            boolean done = own.erase(workspaceId, ERASE_AT_ONCE).done();
            store.forgetNobodys();
            return done;
        });
        return new ClosingService(
                store,
                new HttpClusterClient(environment.client("cluster-manager"), NAME),
                keepers,
                config.keepDeletedWorkspaces(),
                environment.clock());
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
