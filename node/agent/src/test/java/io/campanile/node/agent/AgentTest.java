package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.fake.FakeServices;
import io.campanile.node.agent.fake.Needs;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.WorkMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real agent process with a real Jupyter kernel (ipykernel) against the two services of the test. */
@Tag("slow")
final class AgentTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private FakeServices services;
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        Needs.python();
        services = new FakeServices(folder.resolve("services")).start();
        node = new TestNode(folder.resolve("node"), folder.resolve("services"))
                .withPython()
                .withFakeDriver();
    }

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.close();
            services.close();
        }
    }

    @Test
    void aCellRunsAndItsRecordsArriveInOrder() throws Exception {
        assigned();

        services.work(execute(1, "import sys\nprint('out')\nprint('err', file=sys.stderr)\n6*7"));

        finished(1, "ok");
        assertThat(records(1))
                .extracting(WorkMessage.Record::kind)
                .startsWith("started")
                .endsWith("result", "finished");
        assertThat(text(1, "stdout")).isEqualTo("out\n");
        assertThat(text(1, "stderr")).isEqualTo("err\n");
        assertThat(only(1, "result").data().path("data").path("text/plain").asText())
                .isEqualTo("42");
        assertThat(only(1, "finished").data().path("count").asInt()).isEqualTo(1);
        await().untilAsserted(
                        () -> assertThat(node.nodeFolder().resolve("spool")).isEmptyDirectory());
        assertThat(services.tokens)
                .contains("/node/v1/control Bearer node.n1.s3cret", "/node/v1/work Bearer work-token-1");
    }

    @Test
    void anErrorAndADisplayKeepTheirContent() throws Exception {
        assigned();

        services.work(execute(
                1,
                "from IPython.display import HTML, clear_output\nclear_output(wait=True)\n"
                        + "h=display(HTML('<b>x</b>'), display_id='d1')\nh.update(HTML('<i>y</i>'))\n1/0"));

        finished(1, "error");
        assertThat(only(1, "clear").data().path("wait").asBoolean()).isTrue();
        assertThat(only(1, "display").data().path("data").path("text/html").asText())
                .isEqualTo("<b>x</b>");
        assertThat(only(1, "update_display").data().path("display_id").asText()).isEqualTo("d1");
        assertThat(only(1, "error").data().path("ename").asText()).isEqualTo("ZeroDivisionError");
        assertThat(only(1, "finished").data().path("message").asText()).contains("division by zero");
    }

    @Test
    void anOrderThatComesTwiceIsCarriedOutOnce() throws Exception {
        assigned();
        var order = execute(1, "import os\nopen('" + folder.resolve("mark") + "', 'a').write('x')");

        services.work(order);
        services.work(order);
        finished(1, "ok");
        services.work(order);
        services.work(execute(2, "1"));
        finished(2, "ok");

        assertThat(folder.resolve("mark")).hasContent("x");
        assertThat(records(1)).extracting(WorkMessage.Record::seq).containsExactly(1L, 2L, 3L);
        assertThat(services.gaps).hasValue(0);
    }

    @Test
    void runsOfOneKernelQueueAndOfTwoKernelsRunAtOnce() throws Exception {
        assigned();
        Path go = folder.resolve("go");
        String waits = "import os,time\nwhile not os.path.exists('" + go + "'): time.sleep(0.01)";

        services.work(execute(1, waits));
        services.work(execute(2, "print('second')"));
        services.work(execute(3, "other", "print('other')"));

        finished(3, "ok");
        assertThat(records(2)).isEmpty();
        Files.createFile(go);
        finished(1, "ok");
        finished(2, "ok");
    }

    @Test
    void cancelInterruptsTheCellAndDropsTheQueued() throws Exception {
        assigned();
        services.work(execute(1, "import time\nprint('in', flush=True)\nx = 5\ntime.sleep(600)"));
        services.work(execute(2, "print('never')"));
        await().atMost(LONG).until(() -> text(1, "stdout").equals("in\n"));

        services.work(new WorkMessage.Cancel(2));
        services.work(new WorkMessage.Cancel(1));
        finished(1, "canceled");
        finished(2, "canceled");
        services.work(execute(3, "x"));

        finished(3, "ok");
        assertThat(records(2)).extracting(WorkMessage.Record::kind).containsExactly("finished");
        assertThat(only(3, "result").data().path("data").path("text/plain").asText())
                .isEqualTo("5");
    }

    @Test
    void aCellThatIgnoresTheInterruptLosesItsKernel() throws Exception {
        assigned();
        services.work(execute(
                1,
                "import signal,time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                        + "print('in', flush=True)\ntime.sleep(600)"));
        await().atMost(LONG).until(() -> text(1, "stdout").equals("in\n"));

        services.work(new WorkMessage.Cancel(1));

        finished(1, "canceled");
        assertThat(only(1, "finished").data().path("message").asText()).contains("variables are gone");
        services.work(execute(2, "1+1"));
        finished(2, "ok");
    }

    @Test
    void aKernelThatDiesEndsItsRunWithTheReasonAndStartsAnew() throws Exception {
        assigned();

        services.work(
                execute(
                        1,
                        "import os,signal,time\nprint('before', flush=True)\ntime.sleep(1)\nos.kill(os.getpid(), signal.SIGKILL)"));

        finished(1, "error");
        assertThat(text(1, "stdout")).isEqualTo("before\n");
        assertThat(only(1, "finished").data().path("message").asText())
                .isEqualTo("kernel died (exit 137: out of memory?)");
        assertThat(kernelStates()).endsWith("DEAD");
        services.work(execute(2, "1+1"));
        finished(2, "ok");
    }

    @Test
    void restartAndStopEndTheProcess() throws Exception {
        assigned();
        services.work(execute(1, "x = 1"));
        finished(1, "ok");

        services.work(new WorkMessage.RestartKernel("k1", "session-2"));
        services.work(execute(2, "k1", "session-2", "x"));

        finished(2, "error");
        assertThat(only(2, "error").data().path("ename").asText()).isEqualTo("NameError");
        services.work(new WorkMessage.StopKernel("k1"));
        await().atMost(LONG).until(() -> lastStatus().path("kernels").asInt() == 0);
        await().atMost(LONG).until(() -> roles().equals(List.of("agent", "driver")));
    }

    @Test
    void outputBeyondTheLimitIsDroppedAndTheRunStillEnds() throws Exception {
        assigned();

        services.work(execute(1, "line = 'x' * 1023\nfor i in range(20*1024): print(line)\nprint('end')"));

        finished(1, "ok");
        assertThat(text(1, "stdout").length()).isBetween(15 << 20, 16 << 20);
        assertThat(text(1, "stderr")).isEqualTo("This run printed more than 16 MiB: the rest is not shown.\n");
    }

    @Test
    void completeAndInspectCountUtf16Units() throws Exception {
        assigned();
        services.work(execute(1, "values = [1]"));
        finished(1, "ok");
        String code = "'\uD83D\uDE00'; values.app";

        services.work(new WorkMessage.Request("q1", "k1", "complete", code, code.length()));
        services.work(new WorkMessage.Request("q2", "k1", "inspect", "len", 3));
        services.work(new WorkMessage.Request("q3", "none", "inspect", "len", 3));

        await().atMost(LONG).until(() -> work("reply").count() == 3);
        JsonNode completed = reply("q1").path("data");
        assertThat(completed.path("matches").path(0).path("text").asText()).endsWith("append");
        assertThat(completed.path("to").asInt()).isEqualTo(code.length());
        assertThat(reply("q2").path("data").path("found").asBoolean()).isTrue();
        assertThat(reply("q3").path("error").asText()).isEqualTo("The kernel is not running");
    }

    @Test
    void aStreamThatIsCutComesBackAndLosesNothing() throws Exception {
        assigned();
        services.work(execute(1, "import time\nfor i in range(2000):\n  print(i, flush=True)\n  time.sleep(0.001)"));

        for (int round = 0; round < 4; round++) {
            int seen = records(1).size();
            await().atMost(LONG).until(() -> records(1).size() > seen + 3);
            services.cut();
        }

        finished(1, "ok");
        assertThat(text(1, "stdout")).isEqualTo(numbers(2000));
        assertThat(services.gaps).hasValue(0);
        assertThat(services.work)
                .filteredOn(frame -> frame.path("t").asText().equals("hello"))
                .hasSizeGreaterThan(3);
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainAfterAReconnect() throws Exception {
        assigned();
        services.acknowledging = false;
        services.work(execute(1, "print('kept')"));
        finished(1, "ok");
        int sent = records(1).size();
        services.acknowledging = true;

        services.cut();

        await().atMost(LONG).until(() -> services.repeated.get() == sent);
        await().untilAsserted(
                        () -> assertThat(node.nodeFolder().resolve("spool")).isEmptyDirectory());
        JsonNode hello = work("hello").reduce((first, second) -> second).orElseThrow();
        assertThat(hello.path("runs").path(0).path("finished").asBoolean()).isTrue();
        assertThat(hello.path("epoch").asLong()).isEqualTo(3);
    }

    @Test
    void aNodeOutOfContactEndsItself() throws Exception {
        node.deadManSeconds(4).start();
        await().atMost(LONG).until(() -> !services.control.isEmpty());
        List<ProcessHandle> children = node.process().descendants().toList();

        services.close();

        await().atMost(LONG).until(() -> !node.process().isAlive());
        assertThat(node.process().exitValue()).isZero();
        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void stopEndsEveryProcessAndTheRunningCellIsCanceled() throws Exception {
        assigned();
        services.work(execute(1, "import time\nprint('in', flush=True)\ntime.sleep(600)"));
        await().atMost(LONG).until(() -> text(1, "stdout").equals("in\n"));
        List<ProcessHandle> children = node.process().descendants().toList();

        services.control(new ControlMessage.Stop("terminated by its owner"));

        finished(1, "canceled");
        await().atMost(LONG).until(() -> !node.process().isAlive());
        assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(services.control)
                .last()
                .satisfies(bye -> assertThat(bye.path("t").asText()).isEqualTo("bye"));
    }

    @Test
    void aDeadDriverIsReportedWithItsLastLines() throws Exception {
        assigned();
        JsonNode driver = process("driver");

        ProcessHandle.of(driver.path("pid").asLong()).orElseThrow().destroyForcibly();

        await().atMost(LONG).until(() -> lastStatus().path("driver").asText().equals("FAILED"));
        assertThat(lastStatus().path("driver_message").asText())
                .contains("exit 137")
                .contains("driver of ");
    }

    @Test
    void aKilledAgentTakesItsProcessesAlongAndTheNextOneEndsItsRuns() throws Exception {
        assigned();
        services.acknowledging = false;
        services.work(execute(1, "import time\nprint('in', flush=True)\ntime.sleep(600)"));
        await().atMost(LONG).until(() -> text(1, "stdout").equals("in\n"));
        List<ProcessHandle> children = node.process().descendants().toList();

        node.process().destroyForcibly().waitFor();
        await().atMost(LONG).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        services.acknowledging = true;
        node.start();
        await().atMost(LONG).until(() -> control("hello").count() == 2);
        assertThat(control("hello")
                        .reduce((first, second) -> second)
                        .orElseThrow()
                        .path("assignment")
                        .path("cluster_id")
                        .asText())
                .isEqualTo("c1");

        finished(1, "error");
        assertThat(text(1, "stdout")).isEqualTo("in\n");
    }

    @Test
    void statusIsAHeartbeatAndTheAgentIsSmall() throws Exception {
        assigned();
        services.work(execute(1, "print('x')"));
        finished(1, "ok");
        long before = control("status").count();

        await().atMost(Duration.ofSeconds(12)).until(() -> control("status").count() >= before + 2);

        assertThat(lastStatus().path("idle_since").asLong()).isPositive();
        long rss = TestNode.rssKilobytes(node.process().pid());
        System.out.println("agent RSS kB " + rss);
        assertThat(rss).isLessThan(220_000);
    }

    private void assigned() throws Exception {
        node.start();
        await().atMost(LONG).until(() -> control("hello").findAny().isPresent());
        services.control(TestNode.assignment(folder));
        await().atMost(LONG).until(() -> work("hello").findAny().isPresent());
        await().atMost(LONG).until(() -> lastStatus().path("driver").asText().equals("READY"));
    }

    private static WorkMessage.Execute execute(long run, String code) {
        return execute(run, "k1", code);
    }

    private static WorkMessage.Execute execute(long run, String kernel, String code) {
        return execute(run, kernel, "session-1", code);
    }

    private static WorkMessage.Execute execute(long run, String kernel, String session, String code) {
        return new WorkMessage.Execute(run, kernel, session, 77, "/Users/ann/n", "PYTHON", code);
    }

    private void finished(long run, String state) {
        await().atMost(LONG)
                .until(() ->
                        records(run).stream().anyMatch(record -> record.kind().equals("finished")));
        assertThat(only(run, "finished").data().path("state").asText()).isEqualTo(state);
        assertThat(records(run))
                .extracting(WorkMessage.Record::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, records(run).size()).boxed().toList());
    }

    private List<WorkMessage.Record> records(long run) {
        return services.records.stream().filter(record -> record.runId() == run).toList();
    }

    private WorkMessage.Record only(long run, String kind) {
        List<WorkMessage.Record> found = records(run).stream()
                .filter(record -> record.kind().equals(kind))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private String text(long run, String name) {
        return records(run).stream()
                .filter(record -> record.kind().equals("stream")
                        && record.data().path("name").asText().equals(name))
                .map(record -> record.data().path("text").asText())
                .collect(Collectors.joining());
    }

    private static String numbers(int count) {
        return LongStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }

    private java.util.stream.Stream<JsonNode> control(String type) {
        return services.control.stream()
                .filter(frame -> frame.path("t").asText().equals(type));
    }

    private java.util.stream.Stream<JsonNode> work(String type) {
        return services.work.stream().filter(frame -> frame.path("t").asText().equals(type));
    }

    private JsonNode reply(String id) {
        return work("reply")
                .filter(frame -> frame.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<String> kernelStates() {
        return work("kernel")
                .map(frame -> frame.path("kernel").path("state").asText())
                .toList();
    }

    private JsonNode lastStatus() {
        return services.control.stream()
                .filter(frame -> frame.has("status"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .path("status");
    }

    private List<String> roles() {
        return lastStatus().path("processes").findValuesAsText("role");
    }

    private JsonNode process(String role) {
        for (JsonNode process : lastStatus().path("processes")) {
            if (process.path("role").asText().equals(role)) {
                return process;
            }
        }
        throw new AssertionError("no " + role);
    }
}
