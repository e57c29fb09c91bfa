package io.campanile.notebooks.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.live.Broadcaster;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OutputFeedTest {
    private final List<ObjectNode> frames = new CopyOnWriteArrayList<>();
    private final OutputFeed feed = new OutputFeed(new Tabs());

    @AfterEach
    void stop() {
        feed.close();
    }

    @Test
    void allThatAShortCellHasToSayGoesOutAtOnceAndInOrder() {
        feed.run(run(RunState.QUEUED));
        feed.run(run(RunState.STARTING));
        feed.run(run(RunState.RUNNING));
        feed.outputs(run(RunState.OK), List.of(line(2)));
        feed.run(run(RunState.OK));

        assertThat(frames)
                .extracting(frame -> frame.path("t").asText()
                        + frame.path("run").path("state").asText())
                .containsExactly("runqueued", "runstarting", "runrunning", "outputs", "runok");
    }

    @Test
    void aCellThatPrintsWithoutPauseIsSentFiftyTimesASecondAndNothingIsLeftOut() {
        long began = System.nanoTime();
        for (long n = 1; n <= 20_000; n++) {
            feed.outputs(run(RunState.RUNNING), List.of(line(n)));
        }
        long paces = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) / 20;

        assertThat(frames.size()).isLessThanOrEqualTo((int) paces + 10);
        await().until(() -> numbers().size() == 20_000);
        assertThat(numbers())
                .isEqualTo(LongStream.rangeClosed(1, 20_000).boxed().toList());
    }

    private List<Long> numbers() {
        return frames.stream()
                .flatMap(frame -> frame.path("items").findValuesAsText("n").stream())
                .map(Long::valueOf)
                .toList();
    }

    private static Output line(long n) {
        return Output.of(n, "stream", 0, Json.MAPPER.createObjectNode().put("text", "line\n"));
    }

    private static Run run(RunState state) {
        return new Run(
                1,
                5,
                100,
                "c1",
                "b",
                1,
                1,
                "JAVA",
                state,
                7,
                "alice",
                new Run.Times(Instant.EPOCH, null, null),
                null,
                null,
                null,
                null,
                false,
                false,
                null,
                null,
                0,
                0);
    }

    private final class Tabs implements Broadcaster {
        @Override
        public void toNotebook(long workspaceId, long notebookId, ObjectNode frame) {
            frames.add(frame);
        }

        @Override
        public void toPerson(long workspaceId, long notebookId, long userId, ObjectNode frame) {
            frames.add(frame);
        }

        @Override
        public boolean watched(long workspaceId, long notebookId) {
            return true;
        }
    }
}
