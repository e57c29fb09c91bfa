package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.time.Duration;

/**
 * A tab that runs a printing cell and comes back whenever its connection is gone, each time asking only for what it has
 * not seen. What it is sent then must leave nothing out.
 */
final class PrintingTab implements AutoCloseable {
    private static final Duration COLD = Duration.ofMinutes(3);

    private final Person person;
    private final long notebook;
    private final Patience patience = new Patience();
    private NotebookSocket socket;
    private long run;
    private int returns;

    private PrintingTab(Person person, long notebook) throws Exception {
        this.person = person;
        this.notebook = notebook;
        this.socket = person.open(notebook);
    }

    /** Runs the cell; it has begun to print when this returns. */
    static PrintingTab run(Person person, long notebook, String source) throws Exception {
        PrintingTab tab = new PrintingTab(person, notebook);
        tab.run = tab.socket.run(tab.socket.insertCell("JAVA", source));
        tab.awaitMore();
        return tab;
    }

    /** Returns when something was printed that was not seen at the time of the call. */
    void awaitMore() throws Exception {
        long seen = newest();
        patience.until("more output", again -> live().await(frame -> newest() > seen, COLD));
    }

    /** Loses the connection and comes back. */
    void cut() throws Exception {
        socket.close();
        awaitMore();
    }

    boolean running() throws Exception {
        return patience.until("the state", again -> {
            JsonNode known = live().awaitRun(run, state -> true, COLD);
            return known.path("state").asText().equals("running");
        });
    }

    /** Waits for the end of the run; answers its last state. */
    JsonNode ended() throws Exception {
        return patience.until("the end", again -> live().ended(run, COLD));
    }

    /** All that this tab has been sent, with what a long absence had folded. */
    String printed() throws Exception {
        checkArrivals();
        socket.unfold(run);
        return socket.printed(run);
    }

    /** All that is stored. */
    String stored() throws Exception {
        return person.text("/api/campanile/v1/notebooks/" + notebook + "/runs/" + run + "/output.txt");
    }

    /** How often it had to come back. */
    int returns() {
        return returns;
    }

    @Override
    public void close() {
        socket.close();
    }

    private NotebookSocket live() throws Exception {
        if (socket.lost()) {
            NotebookSocket next = socket.reopen();
            checkArrivals();
            socket = next;
            returns++;
            assertThat(next.resumed())
                    .as("answered with what was missed, not with everything")
                    .isTrue();
        }
        return socket;
    }

    /** Each output follows on the one before it, folded ones included, but for those that are told once more. */
    private void checkArrivals() {
        // Number 1 is the start of the run, and no output.
        long last = Math.max(1, socket.asked(run));
        for (JsonNode output : socket.arrivals(run)) {
            long number = output.path("n").asLong();
            if (number > last) {
                assertThat(output.path("from").asLong(number))
                        .as("what came after output %s", last)
                        .isLessThanOrEqualTo(last + 1);
                last = number;
            }
        }
    }

    private long newest() {
        return socket.outputs(run).stream()
                .mapToLong(output -> output.path("n").asLong())
                .max()
                .orElse(0);
    }
}
