package io.campanile.launcher.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.db.DatabaseSettings;
import io.campanile.launcher.DataDir;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class PostgresSupervisorTest {
    private static final List<String> SERVICES = List.of("identity", "cluster-manager");
    private static final int ROUNDS = Integer.getInteger("campanile.crash.rounds", 4);

    @TempDir
    Path folder;

    private DataDir data;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        data = DataDir.prepare(folder.resolve("data"));
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (PostgresSupervisor.exists(data)) {
            PostgresSupervisor.existing(data).stop();
        }
    }

    @Test
    void anOrphanIsAdoptedAndAServiceOwnsItsSchemaAlone() throws Exception {
        long first;
        try (PostgresSupervisor supervisor = start()) {
            first = supervisor.server().process().orElseThrow().pid();
        }

        try (PostgresSupervisor again = start()) {
            assertThat(again.server().process().orElseThrow().pid()).isEqualTo(first);
            DatabaseSettings identity = again.server().settingsOf("identity", 2);
            try (Connection connection = connect(identity);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table identity.mine (id int)");
                assertThatThrownBy(() -> statement.execute("create table cluster_manager.theirs (id int)"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("permission denied");
            }
        }
        Path account = data.run().resolve("postgres.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(account)))
                .isEqualTo("rw-------");
    }

    @Test
    void everyAcknowledgedCommitSurvivesKills() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        try (PostgresSupervisor supervisor = start()) {
            DatabaseSettings settings = supervisor.server().settingsOf("identity", 2);
            try (Connection connection = connect(settings);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table identity.kept (id int primary key)");
            }
            for (int round = 0; round < ROUNDS; round++) {
                Thread writer = new Thread(() -> writeUntilCut(settings, acknowledged));
                writer.start();
                int before = acknowledged.get();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.get() > before + 200);

                supervisor.server().process().orElseThrow().destroyForcibly();

                writer.join();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> supervisor.server().answers());
            }
            try (Connection connection = connect(settings);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "select count(*) from identity.kept where id <= " + acknowledged.get())) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(acknowledged.get());
            }
        }
        System.out.println(acknowledged + " acknowledged commits kept over " + ROUNDS + " kills");
    }

    private PostgresSupervisor start() {
        return PostgresSupervisor.start(data, SERVICES, port, server -> {});
    }

    /** Ids without gaps; the last one in doubt when the server is killed is tried again in the next round. */
    private static void writeUntilCut(DatabaseSettings settings, AtomicInteger acknowledged) {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            while (true) {
                int next = acknowledged.get() + 1;
                statement.execute("insert into identity.kept values (" + next + ") on conflict do nothing");
                acknowledged.set(next);
            }
        } catch (SQLException cut) {
            assertThat(cut.getSQLState()).as("%s", cut.getMessage()).matches("08...|57P..");
        }
    }

    private static Connection connect(DatabaseSettings settings) throws SQLException {
        return DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value());
    }
}
