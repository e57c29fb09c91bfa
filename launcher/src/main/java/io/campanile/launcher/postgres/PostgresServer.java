package io.campanile.launcher.postgres;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.launcher.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL of an installation. It lives in a session of its own, so that it outlives a killed launcher; a running
 * one is adopted by its postmaster.pid, a dead one is started again on the same data.
 */
public final class PostgresServer {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path programs;
    private final Path cluster;
    private final Path log;
    private final PostgresAccount account;

    PostgresServer(Path programs, Path cluster, Path log, PostgresAccount account) {
        this.programs = requireNonNull(programs, "programs");
        this.cluster = requireNonNull(cluster, "cluster");
        this.log = requireNonNull(log, "log");
        this.account = requireNonNull(account, "account");
    }

    public int port() {
        return account.port();
    }

    /** The postmaster while it lives. */
    public Optional<ProcessHandle> process() {
        Path pidFile = cluster.resolve("postmaster.pid");
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return ProcessHandle.of(Long.parseLong(lines.get(0).trim()))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .command()
                            .map(c -> c.contains("postgres"))
                            .orElse(true));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException notRunning) {
            return Optional.empty();
        }
    }

    /** Makes sure that it runs and answers; starts it, again and again if need be, for up to a minute. */
    public void ensureRunning() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (process().isEmpty()) {
                    launch();
                }
                if (answersWithin(Duration.ofSeconds(5))) {
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
            pause(200);
        }
        throw new LaunchException("PostgreSQL did not start within a minute; its log is " + log + ".", last);
    }

    /** Whether it accepts our password now. */
    public boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Settings for a service: a role, a schema and a password of its own in the database campanile. */
    public DatabaseSettings settingsOf(String service, int poolSize) {
        String role = roleOf(service);
        return new DatabaseSettings(url("campanile"), role, new Secret(account.password(role)), poolSize);
    }

    /** Creates the database, the roles and their schemas where they are missing. */
    void prepare(List<String> services) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "select 1 from pg_database where datname = 'campanile'")) {
                statement.execute("create database campanile");
            }
            for (String service : services) {
                String role = roleOf(service);
                String password = account.password(role).replace("'", "''");
                boolean known = exists(statement, "select 1 from pg_roles where rolname = '" + role + "'");
                statement.execute(
                        (known ? "alter role " : "create role ") + role + " login password '" + password + "'");
            }
            statement.execute("revoke all on database campanile from public");
        }
        try (Connection connection = connect("campanile");
                Statement statement = connection.createStatement()) {
            for (String service : services) {
                String schema = schemaOf(service);
                statement.execute("grant connect on database campanile to " + roleOf(service));
                statement.execute("create schema if not exists " + schema + " authorization " + roleOf(service));
            }
            // What a service's role may not make itself: the index behind the search for names.
            statement.execute("create extension if not exists pg_trgm with schema public");
        }
    }

    /** Stops it: clients are cut off, everything committed is on disk. */
    public void stop() {
        Optional<ProcessHandle> running = process();
        if (running.isEmpty()) {
            return;
        }
        try {
            run(Unprivileged.command(List.of(
                    programs.resolve("bin/pg_ctl").toString(), "stop", "-m", "fast", "-w", "-D", cluster.toString())));
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("PostgreSQL did not stop when asked; ending its process");
            running.get().destroy();
        }
    }

    static String roleOf(String service) {
        return "campanile_" + schemaOf(service);
    }

    static String schemaOf(String service) {
        return service.replace('-', '_');
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(Unprivileged.ownSession());
        command.addAll(Unprivileged.command(List.of(
                programs.resolve("bin/postgres").toString(),
                "-D",
                cluster.toString(),
                "-p",
                Integer.toString(account.port()))));
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        LOG.atInfo()
                .addKeyValue("pid", process.pid())
                .addKeyValue("port", account.port())
                .log("PostgreSQL started");
    }

    private boolean answersWithin(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            if (answers()) {
                return true;
            }
            pause(50);
            if (process().isEmpty()) {
                pause(150);
            }
        }
        return false;
    }

    private Connection connect(String database) throws SQLException {
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty("user", account.user());
        properties.setProperty("password", account.password(account.user()));
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(url(database), properties);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + account.port() + "/" + database;
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    /** Runs a program to its end; IOException with what it printed when it fails. */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(
                        Path.of(command.get(command.size() > 2 ? 2 : 0)).getFileName() + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for a program", e);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("Interrupted while PostgreSQL was starting.", e);
        }
    }
}
