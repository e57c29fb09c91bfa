package io.campanile.driver.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.util.Map;

/** The lines that the agent reads from the standard output of a process; any thread says one whole. */
public final class Answers {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintStream out;

    Answers(PrintStream out) {
        this.out = out;
    }

    public synchronized void say(String key, Object value) {
        try {
            out.println(JSON.writeValueAsString(Map.of(key, value)));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("An answer cannot be encoded", e);
        }
    }
}
