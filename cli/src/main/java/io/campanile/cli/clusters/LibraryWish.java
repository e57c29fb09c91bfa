package io.campanile.cli.clusters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name one library. */
final class LibraryWish {
    @Option(
            names = "--maven",
            paramLabel = "COORDINATES",
            description = "groupId:artifactId:version, such as org.jsoup:jsoup:1.15.3.")
    @Nullable
    String maven;

    @Option(
            names = "--exclude",
            paramLabel = "G:A",
            description = "With --maven: leave out what it needs of this name; may be given several times.")
    @Nullable
    List<String> exclusions;

    @Option(
            names = "--repo",
            paramLabel = "URL",
            description = "With --maven: the repository to ask first; given again when it is uninstalled.")
    @Nullable
    String repo;

    @Option(names = "--jar", paramLabel = "PATH", description = "A jar in a volume (/Volumes/...) or in dbfs:/ .")
    @Nullable
    String jar;

    /** As the API takes it. */
    ObjectNode wire() {
        if ((maven == null) == (jar == null)) {
            throw CliFailure.usage("Name one library: --maven COORDINATES or --jar PATH.");
        }
        ObjectNode library = Json.object();
        if (jar != null) {
            if (exclusions != null || repo != null) {
                throw CliFailure.usage("--exclude and --repo are of --maven.");
            }
            return library.put("jar", jar);
        }
        ObjectNode named = library.putObject("maven").put("coordinates", maven);
        if (repo != null) {
            named.put("repo", repo);
        }
        if (exclusions != null) {
            exclusions.forEach(named.putArray("exclusions")::add);
        }
        return library;
    }

    String label() {
        return maven != null ? maven : String.valueOf(jar);
    }
}
