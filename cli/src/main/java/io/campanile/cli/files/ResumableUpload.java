package io.campanile.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.Optional;

/**
 * A large file into a volume through {@code /api/campanile/v1/files/uploads}: the server keeps what it received, and
 * after a break, also in another command, the rest follows.
 */
final class ResumableUpload {
    private static final String ALL = "/api/campanile/v1/files/uploads";
    private static final int TRIES = 4;

    private final ApiClient api;
    private final UploadNotes notes;

    ResumableUpload(ApiClient api, UploadNotes notes) {
        this.api = api;
        this.notes = notes;
    }

    /** False when the server has no such API and nothing was sent. */
    boolean run(Source source, String path, boolean overwrite) {
        String fingerprint = Fingerprint.of(
                api.host().url(), path, source.identity(), Long.toString(source.size()), Boolean.toString(overwrite));
        Optional<JsonNode> begun = notes.find(fingerprint).flatMap(this::find);
        JsonNode upload;
        try {
            upload = begun.isPresent()
                    ? begun.get()
                    : api.post(
                            ALL,
                            Json.object()
                                    .put("path", path)
                                    .put("size", source.size())
                                    .put("overwrite", overwrite));
        } catch (ApiFailure e) {
            if (e.code().equals("ENDPOINT_NOT_FOUND")) {
                return false;
            }
            throw e;
        }
        String id = upload.path("upload_id").asText();
        notes.write(fingerprint, id);
        send(source, id, upload.path("received").asLong());
        api.post(ALL + "/" + Call.encoded(id) + "/complete", Json.object());
        notes.forget(fingerprint);
        return true;
    }

    private void send(Source source, String id, long already) {
        long received = already;
        int failures = 0;
        while (received < source.size()) {
            long from = received;
            try {
                received = api.json(part(source, id, from)).path("received").asLong();
            } catch (CliFailure e) {
                if (e.exit() != ExitCode.UNAVAILABLE) {
                    throw e;
                }
                failures++;
                api.retries().pauseAfter(Math.min(failures, TRIES - 1));
                received = find(id).orElseThrow(() -> e).path("received").asLong();
                failures = received > from ? 0 : failures;
                if (failures == TRIES) {
                    throw new CliFailure(e.exit(), e.text() + "\nThe same command goes on where it stopped.", e);
                }
            }
        }
    }

    /** Sent once: where a part begins depends on how much of the one before arrived. */
    private static Call part(Source source, String id, long from) {
        return Call.raw("PUT", ALL + "/" + Call.encoded(id), "application/octet-stream", () -> source.publisher(from))
                .query("offset", Long.toString(from))
                .once();
    }

    private Optional<JsonNode> find(String id) {
        try {
            return Optional.of(api.get(ALL + "/" + Call.encoded(id)));
        } catch (ApiFailure e) {
            // Expired, or of a server that has none.
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
