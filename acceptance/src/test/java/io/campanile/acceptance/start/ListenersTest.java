package io.campanile.acceptance.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.OnOwnInstallation;
import io.campanile.acceptance.Person;
import io.campanile.acceptance.start.Listeners.Listener;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G14: an installation with a living cluster listens on loopback alone, where it says, and asks everybody who they are. */
@Tag("slow")
@OnOwnInstallation
final class ListenersTest {
    private static final List<String> SERVICES =
            List.of("identity", "workspace", "cluster-manager", "notebook-service");

    @TempDir
    static Path dataDir;

    private static Installation installation;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start(dataDir);
        Person person = Person.signIn(installation);
        try (NotebookSocket socket = person.open(person.newNotebook("/Shared/listeners"))) {
            long run = socket.run(socket.insertCell("JAVA", "spark.range(8).count()"));
            assertThat(socket.ended(run, Duration.ofMinutes(3)).path("state").asText())
                    .isEqualTo("ok");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        installation.close();
    }

    @Test
    void everySocketIsOnLoopbackAndOneThatIsExpected() {
        // A kernel is named before it listens, and the next one is started as soon as the parked one was taken.
        await().atMost(Duration.ofMinutes(1)).untilAsserted(ListenersTest::assertListenersAreThoseNamed);
    }

    private static void assertListenersAreThoseNamed() throws Exception {
        Set<Integer> named = new TreeSet<>(List.of(gatewayPort()));
        SERVICES.forEach(service -> named.add(portOf(service)));
        named.addAll(portsOfState("postgres"));
        named.addAll(portsOfState("driver"));
        KernelPort.below(dataDir.resolve("nodes")).forEach(port -> named.add(port.port()));

        List<Listener> listeners = Listeners.of(installation);

        assertThat(listeners).as("somewhere else than on loopback").allMatch(Listener::loopback);
        assertThat(listeners.stream().map(Listener::port)).containsAll(named);
        assertThat(listeners.stream().filter(listener -> !named.contains(listener.port())))
                .as("ports that are named nowhere: only Spark's own transport in a driver")
                .allMatch(listener -> listener.role().equals("driver"));
        Map<String, Long> counted =
                listeners.stream().collect(Collectors.groupingBy(Listener::role, Collectors.counting()));
        System.out.println("G14: listening sockets by role, all on loopback: " + counted);
    }

    @Test
    void theDoorAsksForACredential() throws Exception {
        int port = gatewayPort();

        for (String path : List.of("/api/2.0/clusters/list", "/api/nothing", "/sql/1.0", "/metrics", "/ws/v1")) {
            assertThat(Strangers.get(port, path)).as(path).isEqualTo(401);
        }
        assertThat(Strangers.upgrade(port, "/ws/v1")).isEqualTo(401);
        assertThat(Strangers.get(port, "/"))
                .as("the page on which one signs in")
                .isEqualTo(200);
    }

    @Test
    void servicesBehindItAskForACredentialWhateverIsAsked() throws Exception {
        for (String service : SERVICES) {
            int port = portOf(service);
            for (String path : List.of("/", "/metrics", "/internal/routes", "/api/2.0/nothing")) {
                assertThat(Strangers.get(port, path)).as("%s %s", service, path).isEqualTo(401);
            }
            for (String path : List.of("/", "/ws/v1", "/node/v1/work", "/node/v1/control")) {
                assertThat(Strangers.upgrade(port, path))
                        .as("%s %s", service, path)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void theDatabaseAsksForAPassword() throws Exception {
        for (int port : portsOfState("postgres")) {
            assertThat(Strangers.postgresAuthentication(port)).as("SCRAM").isEqualTo(10);
        }
    }

    @Test
    void theDriverAsksForItsToken() throws Exception {
        Set<Integer> connect = portsOfState("driver");
        List<String> tokens = driverTokens();
        assertThat(connect).isNotEmpty();

        for (int port : connect) {
            assertThat(Strangers.grpcStatus(port, null)).as("no token").isEqualTo(16);
            assertThat(Strangers.grpcStatus(port, "0".repeat(64)))
                    .as("a wrong token")
                    .isEqualTo(16);
            List<Integer> own = new ArrayList<>();
            for (String token : tokens) {
                own.add(Strangers.grpcStatus(port, token));
            }
            assertThat(own).as("one of the drivers' own tokens is let in").anyMatch(status -> status != 16);
        }
    }

    @Test
    void sparksOwnTransportAnswersNobodyItDoesNotKnow() throws Exception {
        Set<Integer> connect = portsOfState("driver");
        List<Listener> transports = Listeners.of(installation).stream()
                .filter(listener -> listener.role().equals("driver") && !connect.contains(listener.port()))
                .toList();
        assertThat(transports).isNotEmpty();

        for (Listener transport : transports) {
            assertThat(Strangers.sparkAnswers(transport.port()))
                    .as("%s", transport)
                    .isFalse();
        }
    }

    /** The heartbeat port only echoes, and what a kernel publishes is signed but readable: so Jupyter's protocol has it. */
    @Test
    void kernelsDoNothingForARequestThatIsNotSignedWithTheirKey() throws Exception {
        List<KernelPort> ports = KernelPort.below(dataDir.resolve("nodes"));
        assertThat(ports).isNotEmpty();

        for (KernelPort port : ports) {
            if (port.name().equals("shell") || port.name().equals("control")) {
                // Its own first: one that is still starting refuses nothing, it does not answer yet.
                assertThat(port.answers(port.key(), Duration.ofSeconds(90)))
                        .as("%s, its key", port.name())
                        .isTrue();
                assertThat(port.answers("0".repeat(64), Duration.ofSeconds(1)))
                        .as("%s, a wrong key", port.name())
                        .isFalse();
            }
        }
    }

    private static int gatewayPort() {
        return URI.create(installation.url()).getPort();
    }

    private static int portOf(String service) {
        try {
            JsonNode endpoints = Installation.JSON.readTree(
                    dataDir.resolve("run/endpoints.json").toFile());
            return URI.create(endpoints.path(service).asText()).getPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Set<Integer> portsOfState(String role) throws Exception {
        Set<Integer> ports = new TreeSet<>();
        JsonNode state =
                Installation.JSON.readTree(dataDir.resolve("run/state.json").toFile());
        for (JsonNode row : state.path("processes")) {
            if (row.path("role").asText().equals(role) && row.path("port").isInt()) {
                ports.add(row.path("port").asInt());
            }
        }
        return ports;
    }

    private static List<String> driverTokens() throws Exception {
        List<String> tokens = new ArrayList<>();
        try (DirectoryStream<Path> nodes = Files.newDirectoryStream(dataDir.resolve("nodes"))) {
            for (Path node : nodes) {
                Path file = node.resolve("driver.json");
                if (Files.exists(file)) {
                    tokens.add(Installation.JSON
                            .readTree(file.toFile())
                            .path("token")
                            .asText());
                }
            }
        }
        return tokens;
    }
}
