package io.campanile.cli.files;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /api/2.0/fs}: files of volumes, raw bytes. */
final class VolumeFiles implements RemoteFiles {
    private static final String FILES = "/api/2.0/fs/files";
    private static final String DIRECTORIES = "/api/2.0/fs/directories";

    /** From here on starting over hurts more than three more requests do. */
    private static final long LARGE = 32L * 1024 * 1024;

    private final ApiClient api;
    private final ResumableUpload resumable;

    VolumeFiles(ApiClient api, UploadNotes notes) {
        this.api = requireNonNull(api, "api");
        this.resumable = new ResumableUpload(api, notes);
    }

    @Override
    public Optional<Entry> find(String path) {
        Optional<HttpHeaders> file = head(FILES, path);
        if (file.isPresent()) {
            HttpHeaders headers = file.get();
            long size = headers.firstValueAsLong("Content-Length").orElse(0);
            String changed = headers.firstValue("Last-Modified").orElse("");
            String version = headers.firstValue("ETag").orElse(changed.isEmpty() ? "" : changed + size);
            long modified = millis(changed);
            ObjectNode wire = Json.object()
                    .put("path", path)
                    .put("is_directory", false)
                    .put("file_size", size)
                    .put("last_modified", modified);
            return Optional.of(new Entry(path, false, size, modified, version, wire));
        }
        return head(DIRECTORIES, path).map(headers -> {
            ObjectNode wire = Json.object().put("path", path).put("is_directory", true);
            return new Entry(path, true, 0, 0, "", wire);
        });
    }

    private Optional<HttpHeaders> head(String prefix, String path) {
        try {
            HttpResponse<InputStream> answer = api.open(Call.of("HEAD", prefix + Call.encodedPath(path)));
            answer.body().close();
            return Optional.of(answer.headers());
        } catch (ApiFailure e) {
            // A folder where a file was asked for, or the other way around, is no such file either.
            if (e.absent() || e.status() == 400) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Listing list(String path) {
        ObjectNode answer = api.pages(Call.get(DIRECTORIES + Call.encodedPath(path)), "contents");
        List<Entry> entries = new ArrayList<>();
        answer.path("contents").forEach(file -> entries.add(entry(file)));
        return new Listing(answer, entries);
    }

    @Override
    public void makeDirectories(String path) {
        api.json(Call.of("PUT", DIRECTORIES + Call.encodedPath(path)));
    }

    /** The API deletes folders only when they are empty. */
    @Override
    public void delete(Entry entry, boolean recursive) {
        if (entry.folder() && recursive) {
            list(entry.path()).entries().forEach(child -> delete(child, true));
        }
        api.json(Call.of("DELETE", (entry.folder() ? DIRECTORIES : FILES) + Call.encodedPath(entry.path())));
    }

    /** The API has no move: a file is copied through here and then deleted, one at a time. */
    @Override
    public void move(Entry from, String to) {
        if (!from.folder()) {
            Entry now = get(from.path());
            upload(new Source(now.size(), now.path() + now.version(), offset -> open(now, offset)), to, false);
            delete(now, false);
            return;
        }
        if (to.startsWith(from.path() + "/")) {
            throw CliFailure.usage(from.path() + " cannot be moved into itself.");
        }
        makeDirectories(to);
        list(from.path()).entries().forEach(child -> move(child, to + "/" + child.name()));
        delete(from, false);
    }

    @Override
    public InputStream open(Entry entry, long offset) {
        Call call = Call.get(FILES + Call.encodedPath(entry.path()));
        if (offset > 0) {
            call = call.header("Range", "bytes=" + offset + "-");
        }
        if (entry.version().startsWith("\"")) {
            call = call.header("If-Match", entry.version());
        }
        HttpResponse<InputStream> answer = api.open(call);
        if (offset > 0 && answer.statusCode() != 206) {
            skip(answer.body(), offset);
        }
        return answer.body();
    }

    /** A server without ranges sends the file from its beginning. */
    private static void skip(InputStream body, long offset) {
        try {
            body.skipNBytes(offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void upload(Source source, String path, boolean overwrite) {
        boolean sent = source.size() >= LARGE && resumable.run(source, path, overwrite);
        if (!sent) {
            Call call = Call.raw(
                    "PUT", FILES + Call.encodedPath(path), "application/octet-stream", () -> source.publisher(0));
            api.json(call.query("overwrite", Boolean.toString(overwrite)));
        }
        long there = find(path).map(Entry::size).orElse(-1L);
        if (there != source.size()) {
            throw CliFailure.failed(path + " has " + there + " bytes, but " + source.size()
                    + " were sent; does something else write to it?");
        }
    }

    private static Entry entry(JsonNode file) {
        return new Entry(
                file.path("path").asText(),
                file.path("is_directory").asBoolean(),
                file.path("file_size").asLong(),
                file.path("last_modified").asLong(),
                "",
                file);
    }

    private static long millis(String date) {
        try {
            return date.isEmpty()
                    ? 0
                    : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()
                            .toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
