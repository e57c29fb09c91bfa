package io.campanile.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campanile.driver.executors.ClusterExecutors;
import io.campanile.driver.log.Answers;
import io.campanile.driver.log.LogRedaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.SessionKey;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines that the agent writes to the driver's standard input; {@code executors} is null with a local master. */
record Orders(
        SparkSession spark,
        Warehouse warehouse,
        LogRedaction redaction,
        @Nullable ClusterExecutors executors,
        Answers answers) {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    /** Carries them out until the input closes. */
    void follow() throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var json = JsonMapper.builder().build();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                carryOut(json.readTree(line));
            } catch (RuntimeException | IOException e) {
                LOG.warn("A line of standard input was not carried out", e);
            }
        }
    }

    private void carryOut(JsonNode order) throws IOException {
        if (order.has("restore_warehouse")) {
            warehouse.restore();
            answers.say("warehouse", true);
        }
        hide(texts(order.path("hide")));
        if (order.has("libraries")) {
            install(order.path("libraries"));
        }
        JsonNode close = order.path("close_session");
        if (close.isObject()) {
            closeSession(
                    close.path("user_id").asText(), close.path("session_id").asText());
        }
        List<String> leaving = texts(order.path("decommission").path("executor_ids"));
        if (executors != null && !leaving.isEmpty()) {
            executors.decommission(leaving);
        }
    }

    private void install(JsonNode library) {
        List<Path> jars = texts(library.path("jars")).stream().map(Path::of).toList();
        Map<String, Object> answer = new HashMap<>();
        answer.put("id", library.path("id").asText());
        try {
            LibraryJars.add(spark, jars);
        } catch (IOException | RuntimeException e) {
            LOG.warn("A library was not installed", e);
            answer.put("failed", "Spark did not take it: " + e.getMessage());
        }
        answers.say("library", answer);
    }

    private void hide(List<String> secrets) {
        redaction.hide(secrets);
        if (executors != null) {
            executors.hide(secrets);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void closeSession(String userId, String sessionId) {
        var sessions = SparkConnectService$.MODULE$.sessionManager();
        var key = new SessionKey(userId, sessionId);
        var session = sessions.getIsolatedSessionIfPresent(key);
        if (session.isDefined()) {
            session.get().interruptAll();
            sessions.closeSession(key, false);
        }
    }
}
