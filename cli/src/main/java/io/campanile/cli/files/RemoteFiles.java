package io.campanile.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Files of the server, whichever API has them. */
interface RemoteFiles {
    /** What a folder holds: as the API says it, and read. */
    record Listing(JsonNode wire, List<Entry> entries) {}

    Optional<Entry> find(String path);

    Listing list(String path);

    void makeDirectories(String path);

    /** A file, or a folder with everything in it. */
    void delete(Entry entry, boolean recursive);

    void move(Entry from, String to);

    /** The bytes of a file from an offset on; fails when it is no more the version that {@code entry} tells of. */
    InputStream open(Entry entry, long offset);

    void upload(Source source, String path, boolean overwrite);

    default Entry get(String path) {
        return find(path).orElseThrow(() -> new CliFailure(ExitCode.NOT_FOUND, path + " does not exist."));
    }
}
