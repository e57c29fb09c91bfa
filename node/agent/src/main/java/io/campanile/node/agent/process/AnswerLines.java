package io.campanile.node.agent.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.NodeJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process of Spark answers: a JSON object a line on its standard output. Others write there too, a JVM its
 * thread dumps and warnings, a child of user code that inherits the stream whatever it prints: that is passed over.
 */
public final class AnswerLines {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerLines.class);

    private AnswerLines() {}

    /**
     * Returns when the output of the process has ended.
     *
     * @param name of what the process is, for our log
     */
    public static void read(ChildProcess child, String name, Consumer<JsonNode> each) {
        try (var lines = new BufferedReader(new InputStreamReader(child.output(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode answer = parse(line);
                if (answer != null && answer.isObject()) {
                    each.accept(answer);
                } else {
                    // Not what it says: that may be what nobody is to read.
                    LOG.debug("The {} printed a line that is no answer", name);
                }
            }
        } catch (IOException e) {
            LOG.warn("The output of the {} cannot be read", name, e);
        }
    }

    private static @Nullable JsonNode parse(String line) {
        try {
            return NodeJson.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
