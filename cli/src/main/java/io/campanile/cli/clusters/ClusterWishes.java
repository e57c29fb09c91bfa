package io.campanile.cli.clusters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.InputFile;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of a cluster that options name; the rest stands in a file, as the API has it. */
final class ClusterWishes {
    private static final int LONGEST = 256 * 1024;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "All settings as JSON, in a file; - is standard input. Options come on top.")
    @Nullable
    String json;

    @Option(names = "--spark-version", paramLabel = "KEY", description = "See: campanile clusters spark-versions.")
    @Nullable
    String sparkVersion;

    @Option(names = "--node-type", paramLabel = "ID", description = "See: campanile clusters node-types.")
    @Nullable
    String nodeType;

    @Mixin
    SizeWish size = new SizeWish();

    @Option(
            names = "--autotermination",
            paramLabel = "MINUTES",
            description = "It ends when it was idle for so long; 0: never.")
    @Nullable
    Integer autotermination;

    @Option(names = "--policy", paramLabel = "ID", description = "The policy it goes by.")
    @Nullable
    String policy;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "A tag; may be given several times.")
    @Nullable
    Map<String, String> tags;

    @Option(names = "--conf", paramLabel = "KEY=VALUE", description = "A Spark setting; may be given several times.")
    @Nullable
    Map<String, String> conf;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "A variable of its environment; may be given several times.")
    @Nullable
    Map<String, String> environment;

    /** What was given, as the API takes it. */
    ObjectNode read(Session session) {
        ObjectNode settings = json == null ? Json.object() : file(session, json);
        put(settings, "spark_version", sparkVersion);
        put(settings, "node_type_id", nodeType);
        put(settings, "policy_id", policy);
        size.put(settings);
        if (autotermination != null) {
            settings.put("autotermination_minutes", autotermination);
        }
        put(settings, "custom_tags", tags);
        put(settings, "spark_conf", conf);
        put(settings, "spark_env_vars", environment);
        return settings;
    }

    private static void put(ObjectNode settings, String field, @Nullable Object value) {
        if (value != null) {
            settings.set(field, Json.MAPPER.valueToTree(value));
        }
    }

    private static ObjectNode file(Session session, String name) {
        try {
            JsonNode read = Json.MAPPER.readTree(InputFile.read(session, name, LONGEST, "settings"));
            if (read instanceof ObjectNode settings) {
                return settings;
            }
        } catch (JsonProcessingException e) {
            throw CliFailure.usage("The settings in " + name + " are not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CliFailure.io("The settings in " + name + " cannot be read", e);
        }
        throw CliFailure.usage("The settings in " + name + " are not a JSON object.");
    }
}
