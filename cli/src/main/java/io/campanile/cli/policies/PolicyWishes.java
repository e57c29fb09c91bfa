package io.campanile.cli.policies;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.InputFile;
import io.campanile.cli.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set of a policy. */
final class PolicyWishes {
    private static final int LONGEST = 256 * 1024;

    @Option(
            names = "--definition",
            paramLabel = "FILE",
            description = "The rules as JSON, in a file; - is standard input.")
    @Nullable
    String definition;

    @Option(names = "--family", paramLabel = "ID", description = "The family whose rules it has instead.")
    @Nullable
    String family;

    @Option(
            names = "--overrides",
            paramLabel = "FILE",
            description = "Rules that replace those of the family, as JSON in a file; - is standard input.")
    @Nullable
    String overrides;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    @Nullable
    String description;

    @Option(
            names = "--max-clusters-per-user",
            paramLabel = "N",
            description = "How many clusters each user may have by it at a time; 0: as many as they like.")
    @Nullable
    Long most;

    /** Sets what was given, and leaves the rest of the request as it is. */
    void into(Session session, ObjectNode request) {
        if (definition != null && (family != null || overrides != null)) {
            throw CliFailure.usage("Give either --definition, or --family with --overrides.");
        }
        if (definition != null) {
            request.remove(List.of("policy_family_id", "policy_family_definition_overrides"));
            request.put("definition", read(session, definition));
        }
        if (family != null) {
            request.remove("definition");
            request.put("policy_family_id", family);
        }
        if (overrides != null) {
            request.put("policy_family_definition_overrides", read(session, overrides));
        }
        if (description != null) {
            request.put("description", description);
        }
        if (most != null && most == 0) {
            request.remove("max_clusters_per_user");
        } else if (most != null) {
            request.put("max_clusters_per_user", most);
        }
    }

    private static String read(Session session, String file) {
        return new String(InputFile.read(session, file, LONGEST, "rules"), StandardCharsets.UTF_8).strip();
    }
}
