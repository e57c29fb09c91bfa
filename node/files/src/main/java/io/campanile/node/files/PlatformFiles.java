package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.files.PlatformCalls.Answer;
import io.campanile.node.files.PlatformCalls.Question;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Files that the workspace service keeps, asked for in the name of the cluster's owner and with his rights. While the
 * service is away the caller waits.
 */
final class PlatformFiles implements WorkspaceFiles {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PlatformCalls calls;

    PlatformFiles(FilesAccess access) {
        this(access, PATIENCE);
    }

    /** {@code patience}: how long the service may be away. */
    PlatformFiles(FilesAccess access, Duration patience) {
        this.calls = new PlatformCalls(requireNonNull(access, "access"), patience);
    }

    @Override
    public Optional<FileEntry> find(String path) throws IOException {
        try {
            return Optional.of(entry(status(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private JsonNode status(String path) throws IOException {
        return calls.send(Question.of(path, "GET", "status", Map.of("path", path)))
                .json();
    }

    @Override
    public List<FileEntry> list(String path) throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = calls.send(Question.of(path, "GET", "list", Map.of("path", path, "page_token", token)))
                    .json();
            page.path("entries").forEach(each -> entries.add(entry(each)));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        return entries;
    }

    @Override
    public OpenFile open(String path) throws IOException {
        JsonNode status = status(path);
        if (status.path("is_directory").asBoolean()) {
            throw new NoSuchFileException(path, null, path + " is a folder");
        }
        return new PlatformFile(
                calls, path, status.path("size").asLong(), status.path("etag").asText());
    }

    @Override
    public OutputStream create(String path, boolean overwrite) throws IOException {
        // What is refused is refused before anybody has written a gigabyte.
        calls.send(Question.of(path, "GET", "place", Map.of("path", path, "overwrite", overwrite)));
        return new PlatformOutput(calls, path, overwrite);
    }

    @Override
    public OutputStream append(String path) {
        throw new UnsupportedOperationException(
                path + ": nothing can be appended to files in S3, which are written once; write another file");
    }

    @Override
    public void makeFolders(String path) throws IOException {
        calls.send(Question.of(path, "POST", "folders", Map.of("path", path)));
    }

    @Override
    public boolean delete(String path, boolean recursive) throws IOException {
        Answer answer = calls.send(Question.of(path, "POST", "delete", Map.of("path", path, "recursive", recursive)));
        return answer.json().path("deleted").asBoolean() || answer.repeated();
    }

    @Override
    public void rename(String from, String to, boolean overwrite) throws IOException {
        calls.send(Question.of(
                from,
                "POST",
                "rename",
                Map.of("path", from, "to", to, "overwrite", overwrite, "mark", UUID.randomUUID())));
    }

    @Override
    public void copy(String from, String to) throws IOException {
        calls.send(Question.of(from, "POST", "copy", Map.of("path", from, "to", to, "mark", UUID.randomUUID())));
    }

    private static FileEntry entry(JsonNode view) {
        return new FileEntry(
                view.path("path").asText(),
                view.path("is_directory").asBoolean(),
                view.path("size").asLong(),
                view.path("modified_at").asLong());
    }
}
