package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code campanile clusters logs} against a server that is played. */
final class ClusterLogsTest extends PlayedTest {
    private static final String ID = "1127-080000-abcdefgh";
    private static final String LOGS = "/api/campanile/v1/clusters/" + ID + "/logs";

    @Test
    void theLastLinesOfTheDriversLogAreShown() {
        logs(true);
        server.on("GET " + LOGS + "/d2/log4j", 200, page("one\\ntwo\\u001b[31m\\tthree\\nfour\\n", 0, 20));

        Cli.Ended ended = cli.run("clusters", "logs", ID, "-n", "2");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualTo("two\uFFFD[31m\tthree\nfour\n");
        assertThat(cli.run("clusters", "logs", ID, "-n", "0").out()).isEmpty();
        assertThat(cli.run("clusters", "logs", ID, "-n", "3").out()).startsWith("one\n");
        assertThat(cli.run("clusters", "logs", ID, "-n", "9").out()).startsWith("one\n");
        assertThat(cli.run("clusters", "logs", ID, "-n", "1", "-o", "json").out())
                .contains("\"text\" : \"four\\n\"", "\"next\" : 20");
    }

    @Test
    void earlierLinesAreReadUntilThereAreEnough() {
        logs(true);
        server.on("GET " + LOGS + "/d2/log4j", (exchange, asked) -> {
            String body = asked.target().contains("before=8") ? page("one\\ntwo\\n", 0, 8) : page("three\\n", 8, 14);
            PlayedServer.send(exchange, 200, body);
        });

        assertThat(cli.run("clusters", "logs", ID).out()).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void aNodeAndAStreamAreChosenAndListed() {
        logs(true);
        server.on("GET " + LOGS + "/w2/stderr", 200, page("of the worker\\n", 0, 14));
        server.on("GET " + LOGS + "/d1/log4j", 200, page("earlier\\n", 0, 8));

        assertThat(cli.run("clusters", "logs", ID, "--node", "0", "--stream", "stderr")
                        .out())
                .isEqualTo("of the worker\n");
        assertThat(cli.run("clusters", "logs", ID, "--node", "d1").out()).isEqualTo("earlier\n");
        Cli.Ended none = cli.run("clusters", "logs", ID, "--stream", "nothing");
        assertThat(none.code()).isEqualTo(4);
        assertThat(none.err()).contains("no such log", "--list");
        assertThat(cli.run("clusters", "logs", ID, "--list").out())
                .contains("NODE  ROLE", "w2    worker 0  2      stderr  14 B", "d1    driver    1");
        assertThat(cli.run("clusters", "logs", ID, "-n", "-1").code()).isEqualTo(2);
        assertThat(cli.run("clusters", "logs", ID, "-f", "-o", "json").code()).isEqualTo(2);
    }

    @Test
    void followingEndsWithTheNode() {
        AtomicInteger looks = new AtomicInteger();
        server.on(
                "GET " + LOGS,
                (exchange, asked) -> PlayedServer.send(exchange, 200, list(looks.incrementAndGet() < 4)));
        server.on("GET " + LOGS + "/d2/log4j", (exchange, asked) -> {
            String body = asked.target().contains("offset=4") ? page("two\\n", 4, 8) : page("", 8, 8);
            PlayedServer.send(exchange, 200, asked.target().contains("offset") ? body : page("one\\n", 0, 4));
        });

        Cli.Ended ended = cli.run("clusters", "logs", ID, "--follow");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualTo("one\ntwo\n");
        assertThat(ended.err()).contains("The node has ended.");
        assertThat(cli.waits()).hasSize(2);
    }

    @Test
    void whoMayNotIsRefused() {
        server.on("GET " + LOGS, 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"bob may not\"}");

        Cli.Ended ended = cli.run("clusters", "logs", ID);

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains("bob may not");
    }

    private void logs(boolean live) {
        server.on("GET " + LOGS, 200, list(live));
    }

    private static String list(boolean live) {
        return "{\"logs\":[" + log("d1", "DRIVER", 1, "log4j", false) + ","
                + log("d2", "DRIVER", 2, "stderr", live) + "," + log("d2", "DRIVER", 2, "log4j", live) + ","
                + log("w2", "WORKER", 2, "stderr", live) + "]}";
    }

    private static String log(String node, String role, int epoch, String stream, boolean live) {
        return "{\"node_id\":\"" + node + "\",\"role\":\"" + role + "\",\"executor_id\":0,\"epoch\":" + epoch
                + ",\"stream\":\"" + stream + "\",\"size\":14,\"last_at\":0,\"live\":" + live + "}";
    }

    private static String page(String text, long offset, long next) {
        return "{\"text\":\"" + text + "\",\"offset\":" + offset + ",\"next\":" + next + ",\"end\":true}";
    }
}
