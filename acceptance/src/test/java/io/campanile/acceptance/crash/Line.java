package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tab that never gives up: it connects again, sends again what was not acknowledged under the same number, and now and
 * then what was, which must be acknowledged as before and change nothing.
 */
final class Line implements AutoCloseable {
    private static final int REPEAT_EVERY = 7;

    private final Person person;
    private final long notebook;
    private final Patience patience;
    private final String client = UUID.randomUUID().toString();
    private @Nullable NotebookSocket socket;
    private long number;
    private long revision;

    Line(Person person, long notebook, Patience patience) {
        this.person = person;
        this.notebook = notebook;
        this.patience = patience;
    }

    /** Submits an operation until it is acknowledged; answers the acknowledgement. */
    JsonNode submit(ObjectNode operation) throws Exception {
        number++;
        long base = revision;
        JsonNode ack = patience.until("an operation", again -> socket().submit(client, number, base, operation));
        assertThat(ack.path("rev").asLong()).as("revision of a new operation").isGreaterThan(revision);
        revision = ack.path("rev").asLong();
        if (number % REPEAT_EVERY == 0) {
            JsonNode repeated = patience.until("a repeat", again -> socket().submit(client, number, base, operation));
            assertThat(repeated).as("the same operation again").isEqualTo(ack);
        }
        return ack;
    }

    /** Asks for a run until the queue has it; answers its id. */
    long run(String cell) throws Exception {
        String request = UUID.randomUUID().toString();
        List<Long> runs = patience.until("a run", again -> socket().run(request, cell));
        assertThat(runs).as("runs of one request").hasSize(1);
        if (number % REPEAT_EVERY == 1) {
            List<Long> repeated = patience.until("a repeated run", again -> socket().run(request, cell));
            assertThat(repeated).as("the same request again").isEqualTo(runs);
        }
        return runs.get(0);
    }

    /** Waits for the end of a run, over as many connections as it takes. */
    JsonNode ended(long run, Duration limit) throws Exception {
        return patience.until("the end of a run", again -> socket().ended(run, limit));
    }

    String insert(int position, String language, String source) throws Exception {
        String cell = UUID.randomUUID().toString();
        submit(NotebookSocket.insertion(cell, String.format("z%08dV", position), language, source));
        return cell;
    }

    /** The revision of the newest acknowledged operation. */
    long revision() {
        return revision;
    }

    /** The notebook as a new tab sees it. */
    JsonNode seenByAnother() throws Exception {
        return patience.until("a snapshot", again -> {
            try (NotebookSocket another = person.open(notebook)) {
                return another.snapshot();
            }
        });
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private NotebookSocket socket() throws Exception {
        NotebookSocket open = socket;
        if (open == null) {
            open = person.open(notebook);
        } else if (open.lost()) {
            open = open.reopen();
        }
        socket = open;
        return open;
    }
}
