package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.campanile.common.auth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every provider of nodes holds to. Agents are scripts here, which do what a test writes into their folder. */
abstract class NodeProviderContract {
    /** Runs {@code order} of its folder whenever there is one; {@code answer} appears when it has ended. */
    private static final String OBEY =
            "while :; do if [ -f order ]; then mv order now; /bin/bash ./now > said 2>&1; mv said answer; fi;"
                    + " sleep 0.02; done";

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String DEPLOYMENT = "deployment-1";

    @TempDir
    Path dataDir;

    Isolation isolation;
    LocalNodeProvider provider;

    abstract Isolation isolation(Path dataDir);

    @BeforeEach
    void aProvider() {
        isolation = isolation(dataDir);
        provider = another();
    }

    @AfterEach
    void nothingIsLeft() {
        for (ProviderNode node : another().list()) {
            provider.terminate(node, true);
        }
        await().atMost(PATIENCE).until(() -> provider.list().isEmpty());
    }

    /** What a manager has after its restart: nothing is remembered. */
    LocalNodeProvider another() {
        return provider("/bin/bash", "-c", OBEY, "agent");
    }

    LocalNodeProvider provider(String... agent) {
        return new LocalNodeProvider(new NodeFiles(dataDir, 1, 900), folder -> List.of(agent), isolation);
    }

    @Test
    void aNodeIsFoundByWhoeverLooks() {
        ProviderNode created = provider.create(request("n1", ann()));

        assertThat(another().list()).singleElement().satisfies(node -> {
            assertThat(node.nodeId()).isEqualTo("n1");
            assertThat(node.deploymentId()).isEqualTo(DEPLOYMENT);
            assertThat(node.agent()).isEqualTo(created.agent()).isNotNull();
            assertThat(node.residentMb()).isPositive();
        });
    }

    @Test
    void aNodeWhoseCreationWasNotHeardOfIsNotStartedAgain() {
        ProviderNode created = provider.create(request("n1", ann()));

        ProviderNode again = another().create(request("n1", ann()));

        assertThat(again.agent()).isEqualTo(created.agent());
        assertThat(provider.list()).hasSize(1);
    }

    @Test
    void everythingThatANodeStartedEndsWithIt() throws IOException {
        provider.create(request("n1", ann()));
        order("n1", "sleep 600 & (sleep 601 & sleep 602 & wait) & disown -a");
        await().atMost(PATIENCE).until(() -> node("n1").pids().size() >= 5);
        ProviderNode node = node("n1");

        another().terminate(node, true);

        await().atMost(PATIENCE).until(() -> provider.list().isEmpty());
        assertThat(node.pids()).noneMatch(NodeProviderContract::alive);
    }

    @Test
    void anAgentThatEndsTakesItsNodeAlong() throws IOException {
        provider.create(request("n1", ann()));
        order("n1", "sleep 600 & disown -a");
        ProviderNode node = node("n1");
        ProcessHandle.of(requireNonNull(node.agent()).pid()).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE).until(() -> provider.list().stream().allMatch(left -> left.agent() == null));
        provider.list().forEach(left -> provider.terminate(left, true));

        await().atMost(PATIENCE).until(() -> provider.list().isEmpty());
        assertThat(node.pids()).noneMatch(NodeProviderContract::alive);
    }

    @Test
    void anAgentIsAskedBeforeItIsMade() {
        LocalNodeProvider polite = provider(
                "/bin/bash",
                "-c",
                "trap 'echo bye > left; exit 0' TERM; touch ready; while :; do sleep 0.05; done",
                "a");
        ProviderNode node = polite.create(request("n1", ann()));
        await().atMost(PATIENCE).until(() -> Files.exists(folder("n1").resolve("ready")));

        polite.terminate(node, false);

        await().atMost(PATIENCE).until(() -> polite.list().isEmpty());
        assertThat(folder("n1").resolve("left")).hasContent("bye");
    }

    @Test
    void whatCannotStartSaysWhyAndLeavesNothing() {
        LocalNodeProvider broken = provider("/no/such/agent");

        try {
            broken.create(request("n1", ann()));
        } catch (ProviderException e) {
            assertThat(e).hasMessageContaining("/no/such/agent");
        }

        await().atMost(PATIENCE).until(() -> broken.list().isEmpty());
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(folder("n1").resolve("agent.log")).content().contains("/no/such/agent"));
    }

    @Test
    void aNodeHasNothingOfThePlatformsEnvironment() throws IOException {
        provider.create(request("n1", ann()));

        assertThat(order("n1", "tr '\\0' '\\n' < /proc/$PPID/environ | cut -d= -f1")
                        .lines())
                .isNotEmpty()
                .allMatch(name -> name.matches(
                        "PATH|HOME|USER|LOGNAME|LANG|LC_ALL|TZ|JAVA_HOME|LD_LIBRARY_PATH|PWD|CAMPANILE_NODE_.*"
                                + "|CAMPANILE_DEPLOYMENT_ID"));
    }

    @Test
    void ofAForgottenNodeOnlyLogsStay() throws IOException {
        provider.create(request("n1", ann()));
        order("n1", "mkdir -p logs; echo said > logs/driver.log; ln -s /etc deep; mkdir sub; chmod 0 sub");
        provider.terminate(node("n1"), true);
        await().atMost(PATIENCE).until(() -> provider.list().isEmpty());

        provider.forget("n1");

        assertThat(folder("n1")).isDirectoryNotContaining("glob:**/{node.json,deep,sub,answer}");
        assertThat(folder("n1").resolve("logs/driver.log")).hasContent("said\n");
        assertThat(Path.of("/etc")).isNotEmptyDirectory();
    }

    @Test
    void aNodeOfThePoolWorksForWhomItIsGivenTo() throws IOException {
        assumeTrue(isolation.opens(), "only root can give a node that runs to its owner");
        tables(ann(), "rows of ann");
        tables(bob(), "rows of bob");
        provider.create(request("n1", null));

        another().open("n1", ann());
        another().open("n1", ann());

        assertThat(order("n1", "cat " + warehouse(ann()) + "/part && echo more > " + warehouse(ann()) + "/written"))
                .isEqualTo("rows of ann\n");
        assertThat(warehouse(ann()).resolve("written")).hasContent("more\n");
    }

    static NodeOwner ann() {
        return new NodeOwner(1, 7, null);
    }

    static NodeOwner bob() {
        return new NodeOwner(1, 8, null);
    }

    Path warehouse(NodeOwner owner) {
        return dataDir.resolve("warehouses/" + owner.workspaceId() + "/" + owner.userId());
    }

    void tables(NodeOwner owner, String content) throws IOException {
        Files.writeString(Files.createDirectories(warehouse(owner)).resolve("part"), content + "\n");
    }

    Path folder(String nodeId) {
        return dataDir.resolve("nodes").resolve(nodeId);
    }

    ProviderNode node(String nodeId) {
        return provider.list().stream()
                .filter(node -> node.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    /** Has a node run a script; what it printed. */
    String order(String nodeId, String script) throws IOException {
        Path answer = folder(nodeId).resolve("answer");
        Files.deleteIfExists(answer);
        Files.writeString(folder(nodeId).resolve("order.next"), script + "\n");
        Files.move(folder(nodeId).resolve("order.next"), folder(nodeId).resolve("order"));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> Files.exists(answer));
        return Files.readString(answer);
    }

    static NodeRequest request(String nodeId, @Nullable NodeOwner owner) {
        NodeShape shape = new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of());
        return new NodeRequest(
                nodeId, DEPLOYMENT, shape, null, new Secret("secret of " + nodeId), null, Map.of(), owner);
    }

    /** A zombie that nobody has reaped yet is not alive. */
    static boolean alive(long pid) {
        return ProcessTable.read().stream().anyMatch(entry -> entry.pid() == pid);
    }
}
