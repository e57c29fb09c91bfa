package io.campanile.launcher.postgres;

import static java.util.Objects.requireNonNull;

import io.campanile.common.json.Json;
import io.campanile.launcher.DataDir;
import io.campanile.launcher.Files0600;
import io.campanile.launcher.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the database at the first start, adopts or starts it at later ones, and starts it again when it dies. */
public final class PostgresSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSupervisor.class);
    private static final String SUPERUSER = "campanile";
    private static final String SETTINGS = """
            # Written by Campanile. An acknowledged commit is on disk: never turn these off.
            fsync = on
            synchronous_commit = on
            full_page_writes = on
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            password_encryption = scram-sha-256
            max_connections = 120
            shared_buffers = 64MB
            jit = off
            max_wal_size = 512MB
            log_min_messages = warning
            log_min_error_statement = panic
            """;

    private final PostgresServer server;
    private final Consumer<PostgresServer> onStart;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "postgres-watch");
        thread.setDaemon(true);
        return thread;
    });

    private PostgresSupervisor(PostgresServer server, Consumer<PostgresServer> onStart) {
        this.server = server;
        this.onStart = onStart;
    }

    /**
     * Brings the database up and keeps it up.
     *
     * @param port answers the port to use at the very first start
     * @param onStart told after every start or adoption
     */
    public static PostgresSupervisor start(
            DataDir data, List<String> services, int port, Consumer<PostgresServer> onStart) {
        requireNonNull(onStart, "onStart");
        try {
            PostgresServer server = open(data, services, port);
            server.ensureRunning();
            server.prepare(services);
            onStart.accept(server);
            PostgresSupervisor supervisor = new PostgresSupervisor(server, onStart);
            supervisor.watch.scheduleWithFixedDelay(supervisor::look, 500, 500, TimeUnit.MILLISECONDS);
            return supervisor;
        } catch (IOException | SQLException e) {
            throw new LaunchException("The database could not be made ready: " + e.getMessage(), e);
        }
    }

    /** The server of an installation, if it was ever started; for {@code down} and {@code status}. */
    public static PostgresServer existing(DataDir data) throws IOException {
        Path file = accountFile(data);
        PostgresAccount account = Json.MAPPER.readValue(Files.readAllBytes(file), PostgresAccount.class);
        return new PostgresServer(programs(data), cluster(data), log(data), account);
    }

    /** Whether this installation has a database already. */
    public static boolean exists(DataDir data) {
        return Files.exists(accountFile(data)) && Files.exists(cluster(data).resolve("PG_VERSION"));
    }

    public PostgresServer server() {
        return server;
    }

    /** Ends the watch; the database goes on. */
    @Override
    public void close() {
        watch.shutdownNow();
    }

    private void look() {
        try {
            if (server.process().isEmpty()) {
                LOG.atWarn().log("PostgreSQL is gone; starting it again");
                server.ensureRunning();
                onStart.accept(server);
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("PostgreSQL could not be started again; trying on");
        }
    }

    private static PostgresServer open(DataDir data, List<String> services, int port) throws IOException, SQLException {
        Path programs = PostgresBinaries.unpack(data.root());
        Path cluster = cluster(data);
        if (!Files.exists(cluster.resolve("PG_VERSION"))) {
            initialize(data, programs, cluster, services, port);
        }
        PostgresAccount account = account(data, services);
        return new PostgresServer(programs, cluster, log(data), account);
    }

    /** initdb beside the final place and a rename, so that a crash leaves no half cluster. */
    private static void initialize(DataDir data, Path programs, Path cluster, List<String> services, int port)
            throws IOException {
        if (!Unprivileged.possible()) {
            throw new LaunchException("PostgreSQL refuses to run as root and this system has no user namespaces for "
                    + "'unshare -U'; run ./campanile up as an ordinary user.");
        }
        Map<String, String> passwords = new TreeMap<>();
        passwords.put(SUPERUSER, password());
        services.forEach(service -> passwords.put(PostgresServer.roleOf(service), password()));
        Files0600.writeJson(accountFile(data), new PostgresAccount(port, SUPERUSER, passwords));
        Path draft = data.root().resolve("postgres." + ProcessHandle.current().pid() + ".tmp");
        Path passwordFile = data.run().resolve("initdb.password");
        Files0600.write(passwordFile, passwords.get(SUPERUSER).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        try {
            PostgresServer.run(Unprivileged.command(List.of(
                    programs.resolve("bin/initdb").toString(),
                    "-D",
                    draft.toString(),
                    "-U",
                    SUPERUSER,
                    "-A",
                    "scram-sha-256",
                    "--pwfile",
                    passwordFile.toString(),
                    "--encoding",
                    "UTF8",
                    "--locale",
                    "C",
                    "--data-checksums")));
        } finally {
            Files.delete(passwordFile);
        }
        Files.writeString(draft.resolve("postgresql.conf"), SETTINGS);
        Files.move(draft, cluster);
    }

    /** The kept account, with passwords added for services that are new in this version. */
    private static PostgresAccount account(DataDir data, List<String> services) throws IOException {
        PostgresAccount kept = Json.MAPPER.readValue(Files.readAllBytes(accountFile(data)), PostgresAccount.class);
        Map<String, String> passwords = new TreeMap<>(kept.passwords());
        services.forEach(service -> passwords.computeIfAbsent(PostgresServer.roleOf(service), role -> password()));
        if (passwords.size() == kept.passwords().size()) {
            return kept;
        }
        PostgresAccount grown = new PostgresAccount(kept.port(), kept.user(), passwords);
        Files0600.writeJson(accountFile(data), grown);
        return grown;
    }

    private static String password() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static Path accountFile(DataDir data) {
        return data.run().resolve("postgres.json");
    }

    private static Path cluster(DataDir data) {
        return data.root().resolve("postgres");
    }

    private static Path programs(DataDir data) {
        return data.root().resolve("postgres-18");
    }

    private static Path log(DataDir data) {
        return data.logs().resolve("postgres.log");
    }
}
