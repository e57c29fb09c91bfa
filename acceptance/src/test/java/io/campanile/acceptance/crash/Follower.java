package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** Another tab on a notebook that is edited: it hears of every operation, once and in order, whatever dies. */
final class Follower implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Patience patience;
    private NotebookSocket socket;
    private long checked;

    Follower(Person person, long notebook, Patience patience) throws Exception {
        this.patience = patience;
        this.socket = person.open(notebook);
        this.checked = socket.revision();
    }

    /** Returns when it has heard of a revision, and of all before it. */
    void awaitRevision(long revision) throws Exception {
        patience.until("an operation of another", again -> {
            if (socket.lost()) {
                NotebookSocket next = socket.reopen();
                check();
                socket = next;
                // After a very long absence the notebook comes whole instead of by operations.
                checked = next.resumed() ? checked : next.snapshot().path("rev").asLong();
            }
            return socket.await(frame -> socket.revision() >= revision, LONGEST);
        });
        check();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void check() {
        List<Long> heard = socket.operations();
        List<Long> expected =
                LongStream.rangeClosed(checked + 1, socket.revision()).boxed().toList();
        assertThat(heard.stream().filter(number -> number > checked))
                .as("operations heard of")
                .isEqualTo(expected);
        checked = socket.revision();
    }
}
