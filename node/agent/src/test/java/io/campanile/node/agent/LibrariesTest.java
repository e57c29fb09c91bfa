package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.fake.MavenRepository;
import io.campanile.node.agent.fake.Needs;
import io.campanile.node.agent.fake.TestCluster;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Library;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries on a driver with a kernel and an executor of its own: real processes, and a repository on loopback. */
@Tag("slow")
final class LibrariesTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String OTHER_SESSION = "6f1d2c3b-0000-4000-8000-000000000002";
    private static final String BASE = """
            package com.acme.base;
            public class Base { public static String greet(String name) { return "hi " + name; } }""";
    private static final String EXTRA = """
            package com.acme.extra;
            public class Extra { public static String more() { return "more"; } }""";
    private static final String TOOL = """
            package com.acme.tool;
            public class Tool implements java.io.Serializable {
                public String say(String name) { return com.acme.base.Base.greet(name); }
                public String more() { return com.acme.extra.Extra.more(); }
            }""";
    private static final String OWN = """
            package com.acme.own;
            public class Own { public static String word() { return "own"; } }""";
    private static final String ON_EXECUTORS = """
            spark.range(0, 4, 1, 4).map((MapFunction<Long, String>) i -> new com.acme.tool.Tool().say("t" + i),
                Encoders.STRING()).collectAsList().toString()""";

    @Test
    void cellsAndTasksUseWhatTheClusterHas(@TempDir Path folder) throws Exception {
        Needs.packaged(TestNode.LIBRARIES, TestNode.LIBRARIES);
        try (MavenRepository repository = new MavenRepository(folder.resolve("repository"));
                TestCluster cluster = TestCluster.start(folder, 1)) {
            publish(repository, folder);
            CountDownLatch base = repository.hold("base");
            cluster.awaitDriver(wanted(jar("own", "/own.jar"), maven(repository, "base")));
            long first = cluster.begin("JAVA", "com.acme.base.Base.greet(com.acme.own.Own.word())");
            awaitState(cluster, "base", "INSTALLING");
            base.countDown();

            // The first cell waited for what was asked for before there was any.
            assertThat(cluster.finish(first)).isEqualTo("ok hi own");
            assertThat(state(cluster, "base")).isEqualTo("INSTALLED");
            assertThat(cluster.run("JAVA", "import com.acme.tool.Tool;")).startsWith("error");
            comeWhileItRuns(cluster, repository);
            killedInstallationsFailAndNothingOfThemStays(cluster, repository);
        }
    }

    private static void publish(MavenRepository repository, Path folder) throws Exception {
        Path own = repository.publish("own", "com.acme.own.Own", OWN);
        Files.copy(own, TestCluster.files(folder).resolve("own.jar"));
        repository.publish("base", "com.acme.base.Base", BASE);
        repository.publish("extra", "com.acme.extra.Extra", EXTRA);
        repository.publish("tool", "com.acme.tool.Tool", TOOL, "base", "extra");
        repository.publish("slow", "com.acme.slow.Slow", "package com.acme.slow; public class Slow {}");
        repository.publish("false", "com.acme.fake.Fake", "package com.acme.fake; public class Fake {}");
        repository.tamper("false");
    }

    private static void comeWhileItRuns(TestCluster cluster, MavenRepository repository) throws Exception {
        cluster.workers(1);
        cluster.driver()
                .services()
                .control(wanted(
                        maven(repository, "none"),
                        maven(repository, "false"),
                        new Library(
                                "tool",
                                null,
                                "com.acme:tool:1.0",
                                List.of("com.acme:extra"),
                                List.of(repository.url())),
                        jar("gone", "/Volumes/main/default/jars/gone.jar")));
        awaitState(cluster, "tool", "INSTALLED");
        awaitState(cluster, "gone", "FAILED");

        assertThat(message(cluster, "none")).contains("Could not find artifact com.acme:none:jar:1.0");
        assertThat(message(cluster, "false")).contains("Checksum validation failed");
        assertThat(message(cluster, "gone")).contains("There is no file /Volumes/main/default/jars/gone.jar");
        assertThat(cluster.run("JAVA", "new com.acme.tool.Tool().say(\"x\")")).isEqualTo("ok hi x");
        assertThat(cluster.run("JAVA", ON_EXECUTORS)).isEqualTo("ok [hi t0, hi t1, hi t2, hi t3]");
        assertThat(cluster.run("JAVA", "new com.acme.tool.Tool().more()")).contains("com/acme/extra/Extra");
        // A notebook that comes later has them from its start, in a session of its own.
        assertThat(cluster.finish(cluster.begin("k2", OTHER_SESSION, "JAVA", ON_EXECUTORS)))
                .isEqualTo("ok [hi t0, hi t1, hi t2, hi t3]");
        assertThat(repository.asked()).doesNotContain("extra-1.0.jar");
    }

    private static void killedInstallationsFailAndNothingOfThemStays(TestCluster cluster, MavenRepository repository) {
        CountDownLatch slow = repository.hold("slow");
        cluster.driver().services().control(wanted(maven(repository, "slow")));
        ProcessHandle fetching = await().atMost(LONG)
                .until(
                        () -> fetching(cluster)
                                .filter(found -> repository.asked().contains("slow-1.0.jar")),
                        found -> found.isPresent())
                .orElseThrow();
        fetching.destroyForcibly();
        awaitState(cluster, "slow", "FAILED");
        assertThat(message(cluster, "slow")).contains("The installation ended (exit 137)");

        // With its agent the process that fetches is gone too.
        cluster.driver()
                .services()
                .control(
                        wanted(new Library("slow-2", null, "com.acme:slow:1.0", List.of(), List.of(repository.url()))));
        ProcessHandle again = await().atMost(LONG)
                .until(() -> fetching(cluster), Optional::isPresent)
                .orElseThrow();
        cluster.driver().node().process().destroyForcibly();
        await().atMost(LONG).until(() -> !again.isAlive());
        slow.countDown();
    }

    private static Optional<ProcessHandle> fetching(TestCluster cluster) {
        return cluster.driver()
                .node()
                .process()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("io.campanile.libraries.LibraryMain"))
                        .isPresent())
                .findFirst();
    }

    private static ControlMessage.Libraries wanted(Library... libraries) {
        return new ControlMessage.Libraries(List.of(libraries), 1 << 20, 60);
    }

    private static Library jar(String id, String path) {
        return new Library(id, path, null, List.of(), List.of());
    }

    private static Library maven(MavenRepository repository, String artifact) {
        return new Library(artifact, null, "com.acme:" + artifact + ":1.0", List.of(), List.of(repository.url()));
    }

    private static void awaitState(TestCluster cluster, String id, String state) {
        await().atMost(LONG).untilAsserted(() -> assertThat(state(cluster, id)).isEqualTo(state));
    }

    private static String state(TestCluster cluster, String id) {
        return library(cluster, id).path("state").asText();
    }

    private static String message(TestCluster cluster, String id) {
        return library(cluster, id).path("messages").path(0).asText();
    }

    private static JsonNode library(TestCluster cluster, String id) {
        for (JsonNode library : cluster.driver().status().path("libraries")) {
            if (library.path("id").asText().equals(id)) {
                return library;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
