package io.campanile.node.agent.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.ControlMessage.Library;
import io.campanile.node.protocol.ControlMessage.LibraryState;
import io.campanile.node.protocol.ControlMessage.LibraryStatus;
import java.util.ArrayList;
import java.util.List;

/** One library on its way. Belongs to the agent's loop. */
final class Installation {
    private static final int MESSAGES = 4;
    private static final int LONGEST = 1_000;

    private final Library library;
    private LibraryState state = LibraryState.PENDING;
    private final List<String> messages = new ArrayList<>();
    private final List<String> jars = new ArrayList<>();
    private boolean fetched;
    private boolean offered;

    Installation(Library library) {
        this.library = library;
    }

    Library library() {
        return library;
    }

    String id() {
        return library.id();
    }

    void state(LibraryState next) {
        state = next;
    }

    void failed(String reason) {
        state = LibraryState.FAILED;
        messages.clear();
        say(reason);
    }

    /** Its jars are on this node. */
    void fetched(JsonNode answer) {
        fetched = true;
        state = LibraryState.INSTALLING;
        answer.path("jars").forEach(jar -> jars.add(jar.asText()));
        answer.path("messages").forEach(message -> say(message.asText()));
    }

    private void say(String message) {
        if (messages.size() < MESSAGES) {
            messages.add(message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...");
        }
    }

    /** Nobody has begun to fetch it. */
    boolean pending() {
        return state == LibraryState.PENDING;
    }

    /** Fetched, and not offered to the driver yet. */
    boolean fetched() {
        return fetched && !offered && state == LibraryState.INSTALLING;
    }

    /** The process that fetches it has not said what became of it. */
    boolean unfinished() {
        return !fetched && open();
    }

    boolean open() {
        return state != LibraryState.INSTALLED && state != LibraryState.FAILED;
    }

    List<String> jars() {
        return jars;
    }

    /** Its jars, handed to the driver once. */
    List<String> offer() {
        offered = true;
        return List.copyOf(jars);
    }

    LibraryStatus status() {
        return new LibraryStatus(library.id(), state, messages);
    }
}
