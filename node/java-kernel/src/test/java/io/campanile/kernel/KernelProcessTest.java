package io.campanile.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.kernel.harness.CellResult;
import io.campanile.kernel.harness.KernelProcess;
import io.campanile.kernel.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kernel without a cluster, through its sockets. */
@Tag("slow")
class KernelProcessTest {
    @TempDir
    static Path directory;

    static KernelProcess kernel;

    @BeforeAll
    static void start() throws IOException {
        kernel = KernelProcess.start(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        kernel.close();
    }

    @Test
    void valueOfTheLastExpressionIsTheResult() throws IOException {
        assertThat(kernel.run("int x = 20;\nint y = x + 1;\nx + y").text()).isEqualTo("41");
        assertThat(kernel.run("int z = 5;").types()).isEmpty();
        assertThat(kernel.run("new int[][] {{1, 2}, {3}}").text()).isEqualTo("[[1, 2], [3]]");
    }

    @Test
    void printedTextAndDisplaysKeepTheirOrder() throws IOException {
        CellResult cell = kernel.run("""
                System.out.println("a");
                System.err.println("b");
                display(List.of(Map.of("k", 1)));
                System.out.println("c");
                42
                """);

        assertThat(cell.types()).containsExactly("stream", "stream", "display_data", "stream", "execute_result");
        assertThat(cell.printed("stdout")).isEqualTo("a\nc\n");
        assertThat(cell.first("display_data").path("data").path("text/html").asText())
                .contains("<td>1</td>");
    }

    @Test
    void compileErrorPointsIntoTheCell() throws IOException {
        CellResult cell = kernel.run("int ok = 1;\n\nint bad = ok + nothing;");

        assertThat(cell.status()).isEqualTo("error");
        assertThat(cell.error().path("kind").asText()).isEqualTo("compile");
        assertThat(cell.errorMessage()).startsWith("cannot find symbol").contains("nothing");
        assertThat(cell.error().path("cell_line").asInt()).isEqualTo(3);
        assertThat(cell.error().path("cell_column").asInt()).isEqualTo(16);
    }

    @Test
    void runtimeErrorNamesItsLine() throws IOException {
        kernel.run("int divide(int a, int b) {\n  return a / b;\n}");

        CellResult cell = kernel.run("int one = 1;\n\ndivide(one, 0)");

        assertThat(cell.first("error").path("ename").asText()).isEqualTo("ArithmeticException");
        assertThat(cell.errorMessage()).isEqualTo("/ by zero");
        assertThat(cell.error().path("kind").asText()).isEqualTo("runtime");
        assertThat(cell.error().path("cell_line").asInt()).isEqualTo(3);
        assertThat(cell.error().path("frames").get(0).path("text").asText())
                .contains("divide")
                .contains("line 2");
    }

    @Test
    void exitIsRefusedAndTheKernelLivesOn() throws IOException {
        CellResult cell = kernel.run("System.exit(3);");

        assertThat(cell.errorMessage()).contains("System.exit(3) is refused");
        assertThat(kernel.run("1 + 1").text()).isEqualTo("2");
        assertThat(kernel.run("Runtime.getRuntime().halt(1);").errorMessage()).contains("is refused");
        assertThat(kernel.run("IntConsumer c = System::exit; c.accept(4);").errorMessage())
                .contains("is refused");
    }

    @Test
    void deepRecursionAndCrashedThreadsDoNotHurt() throws IOException {
        kernel.run("int deep(int n) { return deep(n + 1) + 1; }");

        assertThat(kernel.run("deep(0)").errorMessage()).contains("recursion is too deep");
        CellResult crash = kernel.run(
                "Thread t = new Thread(() -> { throw new IllegalStateException(\"crash\"); }); t.start(); t.join();");
        assertThat(crash.status()).isEqualTo("ok");
        assertThat(crash.printed("stderr")).contains("crash");
        assertThat(kernel.run("1 + 1").text()).isEqualTo("2");
    }

    @Test
    void muchPrintedTextArrivesWhole() throws IOException {
        CellResult lines = kernel.run("for (int i = 0; i < 100000; i++) System.out.println(\"line \" + i);");
        CellResult longLine = kernel.run("System.out.println(\"äx\".repeat(3_000_000));");

        assertThat(lines.printed("stdout").lines().count()).isEqualTo(100000);
        assertThat(lines.printed("stdout")).endsWith("line 99999\n");
        assertThat(lines.shown().size()).isLessThan(2000);
        assertThat(longLine.printed("stdout")).hasSize(6_000_001).doesNotContain("\uFFFD");
    }

    @Test
    void runawayCellsAreInterruptedWithinASecond() throws IOException {
        kernel.run("int kept = 7;");
        assertInterrupted("{ System.out.println(\"go\"); while (true) {} }");
        assertInterrupted("{ System.out.println(\"go\"); Thread.sleep(60_000); }");
        assertInterrupted(
                "{ System.out.println(\"go\"); while (true) { try { Thread.sleep(10_000); } catch (Throwable t) {} } }");
        assertInterrupted(
                "{ System.out.println(\"go\"); Stream.iterate(1L, x -> x + 1).filter(x -> x < 0).findFirst(); }");
        assertThat(kernel.run("kept").text()).isEqualTo("7");
    }

    @Test
    void codeThatNoCheckReachesIsGivenUp() throws IOException {
        kernel.run("int still = 8;");
        Duration taken = interrupt("{ System.out.println(\"go\"); BigInteger.valueOf(7).pow(40_000_000); }");

        assertThat(taken).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
        assertThat(kernel.run("still").text()).isEqualTo("8");
    }

    private static void assertInterrupted(String code) throws IOException {
        assertThat(interrupt(code)).isLessThan(Duration.ofSeconds(1));
    }

    private static Duration interrupt(String code) throws IOException {
        String id = kernel.start(code, "JAVA");
        kernel.awaitShown(id, "stream");
        Instant start = Instant.now();
        kernel.askControl("interrupt_request");
        CellResult cell = kernel.await(id, Duration.ofSeconds(20));
        assertThat(cell.error().path("kind").asText()).isEqualTo("interrupted");
        assertThat(cell.errorMessage()).isEqualTo("The cell was interrupted");
        return Duration.between(start, Instant.now());
    }

    @Test
    void magicsChooseTheLanguage() throws IOException {
        CellResult markdown = kernel.run("%md\n# Title");

        assertThat(markdown.first("display_data")
                        .path("data")
                        .path("text/markdown")
                        .asText())
                .isEqualTo("# Title");
        assertThat(kernel.run("%java 1 + 2").text()).isEqualTo("3");
        assertThat(kernel.run("%python\nprint(1)").errorMessage()).contains("%python is not built yet");
        assertThat(kernel.run("%sql select 1").errorMessage()).contains("no cluster attached");
    }

    @Test
    void completionKnowsEarlierLinesOfTheCell() throws IOException {
        String code = "String greeting = \"hi\";\ngreeting.toUpp";

        var reply =
                kernel.ask("complete_request", Json.object().put("code", code).put("cursor_pos", code.length()));

        assertThat(reply.path("matches").toString()).contains("toUpperCase");
        assertThat(reply.path("cursor_start").asInt()).isEqualTo(code.length() - "toUpp".length());
    }

    @Test
    void inspectionShowsSignatures() throws IOException {
        var reply = kernel.ask(
                "inspect_request",
                Json.object().put("code", "\"abc\".substring(").put("cursor_pos", 16));

        assertThat(reply.path("found").asBoolean()).isTrue();
        assertThat(reply.path("data").path("text/plain").asText()).contains("substring(int beginIndex");
    }

    @Test
    void imagesAreShownAsPng() throws IOException {
        CellResult cell =
                kernel.run("new java.awt.image.BufferedImage(4, 3, java.awt.image.BufferedImage.TYPE_INT_RGB)");

        assertThat(cell.first("execute_result").path("data").path("image/png").asText())
                .isNotEmpty();
    }

    @Test
    void theProcessEndsWithItsParent(@TempDir Path other) throws IOException, InterruptedException {
        try (KernelProcess orphan = KernelProcess.start(other)) {
            orphan.process().getOutputStream().close();

            assertThat(orphan.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shutdownIsAnsweredAndEndsTheProcess(@TempDir Path other) throws IOException, InterruptedException {
        try (KernelProcess leaving = KernelProcess.start(other)) {
            assertThat(leaving.askControl("shutdown_request").path("status").asText())
                    .isEqualTo("ok");

            assertThat(leaving.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
