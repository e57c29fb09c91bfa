package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code campanile clusters} against a server that is played. */
final class ClustersTest extends PlayedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "/api/2.1/clusters/";
    private static final String ID = "1127-080000-abcdefgh";

    @Test
    void clustersAreListedAndFoundByNameOrId() {
        server.on("GET " + BASE + "list", 200, "{\"clusters\":[" + cluster(ID, "mine", "RUNNING", "") + "]}");
        server.on("GET " + BASE + "get", 200, cluster(ID, "mine", "RUNNING", ""));

        assertThat(cli.run("clusters", "list", "--state", "RUNNING", "--pinned", "--by-name", "--policy", "P1")
                        .out())
                .isEqualTo("""
                ID                    NAME  STATE    OWNER  NODE TYPE    RUNTIME          STARTED  PINNED BY
                1127-080000-abcdefgh  mine  RUNNING  ann    local.small  4.0.x-scala2.13           ann
                """);
        assertThat(server.asked().get(0).target())
                .contains(
                        "filter_by.cluster_states=RUNNING",
                        "filter_by.is_pinned=true",
                        "filter_by.policy_id=P1",
                        "sort_by.field=CLUSTER_NAME");
        assertThat(cli.run("clusters", "get", "mine").code()).isZero();
        assertThat(cli.run("clusters", "get", ID, "-o", "json").out()).contains("\"cluster_name\" : \"mine\"");
    }

    @Test
    void whatIsNotThereIsNotFoundAndWhatIsThereTwiceIsAsked() {
        server.on(
                "GET " + BASE + "list",
                200,
                "{\"clusters\":[" + cluster(ID, "twin", "RUNNING", "") + ","
                        + cluster("1127-080000-zzzzzzzz", "twin", "RUNNING", "") + "]}");
        server.on(
                "GET " + BASE + "get",
                400,
                "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Cluster does not exist\"}");

        assertThat(cli.run("clusters", "get", "none").code()).isEqualTo(4);
        assertThat(cli.run("clusters", "get", ID).code()).isEqualTo(4);
        Cli.Ended twice = cli.run("clusters", "start", "twin");
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains(ID, "1127-080000-zzzzzzzz");
    }

    @Test
    void oneIsMadeWithWhatTheServerHasFirstAndWaitedFor() throws IOException {
        server.on("GET " + BASE + "spark-versions", 200, "{\"versions\":[{\"key\":\"4.0.x\",\"name\":\"4.0\"}]}");
        server.on("GET " + BASE + "list-node-types", 200, """
                {"node_types":[{"node_type_id":"local.small","memory_mb":1024,"num_cores":2.0,"description":"small"}]}""");
        server.on("POST " + BASE + "create", 200, "{\"cluster_id\":\"" + ID + "\"}");
        states("PENDING", "PENDING", "RUNNING");

        Cli.Ended ended =
                cli.run("clusters", "create", "new", "--tag", "team=blue", "--autotermination", "30", "--wait");

        assertThat(ended.code()).isZero();
        assertThat(ended.err())
                .contains("Made the cluster new (" + ID + "); it is starting.", "PENDING: of PENDING", "It runs.");
        assertThat(ended.err().split("PENDING: of PENDING", -1)).hasSize(2);
        assertThat(cli.waits()).hasSize(2);
        assertThat(sent("create")).isEqualTo(JSON.readTree("""
                {"cluster_name":"new","spark_version":"4.0.x","node_type_id":"local.small",
                 "autotermination_minutes":30,"custom_tags":{"team":"blue"}}"""));
        assertThat(cli.run("clusters", "create", "by policy", "--policy", "P1").code())
                .isZero();
        assertThat(sent("create")).isEqualTo(JSON.readTree("""
                {"cluster_name":"by policy","policy_id":"P1","apply_policy_default_values":true}"""));
        assertThat(cli.run("clusters", "spark-versions").out()).isEqualTo("""
                KEY    NAME
                4.0.x  4.0
                """);
        assertThat(cli.run("clusters", "node-types").out()).contains("local.small  1024 MiB  2");
    }

    @Test
    void oneGetsAnotherNumberOfWorkers() throws IOException {
        server.on("POST " + BASE + "resize", 200, "{}");
        states("RESIZING", "RESIZING", "RUNNING");

        Cli.Ended ended = cli.run("clusters", "resize", ID, "--workers", "3", "--wait");

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).contains("is being resized", "RESIZING", "It runs.");
        assertThat(sent("resize")).isEqualTo(JSON.readTree("{\"num_workers\":3,\"cluster_id\":\"" + ID + "\"}"));
        assertThat(cli.run("clusters", "resize", ID, "--autoscale", "1-4", "--force")
                        .code())
                .isZero();
        assertThat(sent("resize")).isEqualTo(JSON.readTree("""
                {"autoscale":{"min_workers":1,"max_workers":4},"force":true,"cluster_id":"1127-080000-abcdefgh"}"""));
        assertThat(cli.run("clusters", "resize", ID).err()).contains("--workers or --autoscale");
        assertThat(cli.run("clusters", "resize", ID, "--workers", "1", "--autoscale", "1-2")
                        .err())
                .contains("not both");
        assertThat(cli.run("clusters", "resize", ID, "--autoscale", "many").code())
                .isEqualTo(2);
    }

    @Test
    void aStartThatFailsSaysWhy() {
        server.on("POST " + BASE + "start", 200, "{}");
        states("PENDING", "TERMINATING", "ERROR");

        Cli.Ended failed = cli.run("clusters", "start", ID, "--wait");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("does not run: it is ERROR. No room [CLOUD_PROVIDER_RESOURCE_STOCKOUT]");
    }

    @Test
    void waitingEnds() {
        server.on("POST " + BASE + "restart", 200, "{}");
        states("RESTARTING");

        Cli.Ended late = cli.run("clusters", "restart", ID, "--wait", "--timeout", "1");

        assertThat(late.code()).isEqualTo(5);
        assertThat(late.err()).contains("is still RESTARTING after 1 minutes");
        assertThat(cli.waits()).hasSize(30);
    }

    @Test
    void aTimeThatIsNoneIsRefusedBeforeAnythingIsAsked() {
        for (String minutes : List.of("0", "-1", "soon")) {
            for (String command :
                    List.of("create new", "edit ID --name a", "start ID", "restart ID", "resize ID", "delete ID")) {
                String called = "clusters " + command + " --wait --timeout=" + minutes;

                Cli.Ended ended = cli.run(called.replace("ID", ID).split(" "));

                assertThat(ended.code()).as(called).isEqualTo(2);
                assertThat(ended.err()).contains("--timeout", "not a number of minutes");
            }
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void oneThatDoesNotRunIsNotRestarted() {
        server.on("POST " + BASE + "restart", 200, "{}");
        for (String state : List.of("TERMINATED", "TERMINATING", "ERROR")) {
            states(state);

            Cli.Ended ended = cli.run("clusters", "restart", ID, "--wait");

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("does not run (" + state + "); start it: campanile clusters start " + ID)
                    .doesNotContain("is restarting");
        }
        assertThat(server.asked("POST " + BASE + "restart")).isEmpty();

        states("PENDING");
        assertThat(cli.run("clusters", "restart", ID).err()).contains("is starting already");
        states("RUNNING", "RESTARTING", "RUNNING");
        Cli.Ended restarted = cli.run("clusters", "restart", ID, "--wait");
        assertThat(restarted.code()).isZero();
        assertThat(restarted.err()).contains("is restarting", "It runs.");
    }

    @Test
    void workersThatCannotBeHadAreAFailureOfWhoeverWaits() {
        server.on("POST " + BASE + "resize", 200, "{}");
        server.on("POST " + BASE + "create", 200, "{\"cluster_id\":\"" + ID + "\"}");
        String message = "Runs with 1 of 3 workers: Not enough memory";
        server.on("GET " + BASE + "get", 200, cluster(ID, "mine", "RUNNING", message));

        Cli.Ended resized = cli.run("clusters", "resize", ID, "--workers", "3", "--wait");
        Cli.Ended made = cli.run("clusters", "create", "new", "--policy", "P1", "--workers", "3", "--wait");

        for (Cli.Ended ended : List.of(resized, made)) {
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains(message).doesNotContain("It runs.");
        }
        assertThat(cli.run("clusters", "resize", ID, "--workers", "3").code()).isZero();
    }

    @Test
    void anEditOfOneThatIsEndingIsNotWaitedFor() {
        server.on("POST " + BASE + "update", 200, "{}");
        states("TERMINATING");

        Cli.Ended ended = cli.run("clusters", "edit", ID, "--name", "other", "--wait");

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).contains("Changed the cluster", "does not run");
        assertThat(cli.waits()).isEmpty();
    }

    @Test
    void editingSendsWhatIsGivenAndNothingElse() throws IOException {
        server.on("GET " + BASE + "get", 200, cluster(ID, "mine", "TERMINATED", ""));
        server.on("POST " + BASE + "update", 200, "{}");
        server.on("POST " + BASE + "edit", 200, "{}");
        Path file = Files.writeString(home.resolve("cluster.json"), "{\"spark_version\":\"4.0.x\"}");

        assertThat(cli.run("clusters", "edit", ID, "--name", "other", "--env", "A=1=2", "--env", "B=")
                        .err())
                .contains("Changed the cluster");
        assertThat(sent("update")).isEqualTo(JSON.readTree("""
                {"cluster_id":"%s","update_mask":"spark_env_vars,cluster_name",
                 "cluster":{"spark_env_vars":{"A":"1=2","B":""},"cluster_name":"other"}}""".formatted(ID)));
        cli.run("clusters", "edit", ID, "--json", file.toString(), "--node-type", "local.large");
        assertThat(sent("edit")).isEqualTo(JSON.readTree("""
                {"cluster_id":"%s","spark_version":"4.0.x","node_type_id":"local.large"}""".formatted(ID)));
        assertThat(cli.run("clusters", "edit", ID).code()).isEqualTo(2);
        assertThat(cli.typing("[]").run("clusters", "edit", ID, "--json", "-").code())
                .isEqualTo(2);
        assertThat(cli.typing("{").run("clusters", "edit", ID, "--json", "-").err())
                .contains("not JSON");
    }

    @Test
    void endingPinningAndGivingAwayAreSaid() throws IOException {
        for (String action : List.of("delete", "permanent-delete", "pin", "unpin", "change-owner")) {
            server.on("POST " + BASE + action, 200, "{}");
        }
        states("TERMINATING", "TERMINATED");

        assertThat(cli.run("clusters", "delete", ID, "--wait").err()).contains("has ended");
        assertThat(cli.run("clusters", "permanent-delete", ID).code()).isNotZero();
        assertThat(server.asked("POST " + BASE + "permanent-delete")).isEmpty();
        assertThat(cli.run("clusters", "permanent-delete", ID, "--yes").code()).isZero();
        assertThat(cli.run("clusters", "pin", ID).code()).isZero();
        assertThat(cli.run("clusters", "unpin", ID).code()).isZero();
        assertThat(cli.run("clusters", "change-owner", ID, "bob@example.com").code())
                .isZero();
        assertThat(sent("change-owner")).isEqualTo(JSON.readTree("""
                {"cluster_id":"%s","owner_username":"bob@example.com"}""".formatted(ID)));
    }

    @Test
    void eventsAreReadPageByPageUpToTheLimit() throws IOException {
        AtomicInteger pages = new AtomicInteger();
        server.on("POST " + BASE + "events", (exchange, asked) -> {
            boolean first = pages.getAndIncrement() == 0;
            PlayedServer.send(
                    exchange,
                    200,
                    first
                            ? "{\"events\":[{\"timestamp\":0,\"type\":\"TERMINATING\",\"details\":{\"reason\":"
                                    + "{\"code\":\"INACTIVITY\"}}}],\"total_count\":2,\"next_page_token\":\"n\"}"
                            : "{\"events\":[{\"timestamp\":0,\"type\":\"PINNED\",\"details\":{\"user\":\"ann\"}}],"
                                    + "\"total_count\":2}");
        });

        assertThat(cli.run("clusters", "events", ID, "--type", "PINNED", "--type", "TERMINATING")
                        .out())
                .isEqualTo("""
                TIME  EVENT        WHO  DETAILS
                      TERMINATING       INACTIVITY
                      PINNED       ann
                """);
        assertThat(sent("events")).isEqualTo(JSON.readTree("""
                {"cluster_id":"%s","order":"DESC","event_types":["PINNED","TERMINATING"],
                 "page_size":49,"page_token":"n"}""".formatted(ID)));
        assertThat(cli.run("clusters", "events", ID, "-n", "-1").code()).isEqualTo(2);
    }

    private void states(String... states) {
        AtomicInteger next = new AtomicInteger();
        server.on("GET " + BASE + "get", (exchange, asked) -> {
            String state = states[Math.min(next.getAndIncrement(), states.length - 1)];
            PlayedServer.send(exchange, 200, cluster(ID, "mine", state, "of " + state));
        });
    }

    private JsonNode sent(String action) throws IOException {
        List<PlayedServer.Asked> all = server.asked("POST " + BASE + action);
        return JSON.readTree(all.get(all.size() - 1).text());
    }

    private static String cluster(String id, String name, String state, String message) {
        return """
                {"cluster_id":"%s","cluster_name":"%s","state":"%s","state_message":"%s","creator_user_name":"ann",
                 "node_type_id":"local.small","spark_version":"4.0.x-scala2.13","pinned_by_user_name":"ann",
                 "termination_reason":{"code":"CLOUD_PROVIDER_RESOURCE_STOCKOUT","type":"CLOUD_FAILURE",
                  "parameters":{"databricks_error_message":"No room"}}}""".formatted(id, name, state, message);
    }
}
