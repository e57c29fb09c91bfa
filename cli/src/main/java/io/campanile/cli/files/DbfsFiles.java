package io.campanile.cli.files;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** {@code /api/2.0/dbfs}: blocks of at most 1 MiB in base64. */
final class DbfsFiles implements RemoteFiles {
    private static final String PREFIX = "/api/2.0/dbfs/";
    private static final int BLOCK = 1024 * 1024;
    private static final int TRIES = 3;

    private final ApiClient api;

    DbfsFiles(ApiClient api) {
        this.api = requireNonNull(api, "api");
    }

    @Override
    public Optional<Entry> find(String path) {
        try {
            return Optional.of(entry(api.json(Call.get(PREFIX + "get-status").query("path", path))));
        } catch (ApiFailure e) {
            if (e.absent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Listing list(String path) {
        JsonNode answer = api.json(Call.get(PREFIX + "list").query("path", path));
        List<Entry> entries = new ArrayList<>();
        answer.path("files").forEach(file -> entries.add(entry(file)));
        return new Listing(answer, entries);
    }

    @Override
    public void makeDirectories(String path) {
        api.post(PREFIX + "mkdirs", Json.object().put("path", path));
    }

    @Override
    public void delete(Entry entry, boolean recursive) {
        api.post(PREFIX + "delete", Json.object().put("path", entry.path()).put("recursive", recursive));
    }

    @Override
    public void move(Entry from, String to) {
        api.post(PREFIX + "move", Json.object().put("source_path", from.path()).put("destination_path", to));
    }

    @Override
    public InputStream open(Entry entry, long offset) {
        return new Blocks(entry, offset);
    }

    /**
     * A block has no number, so one whose answer was lost cannot be sent again: the whole upload is, and at the end the
     * size must be right.
     */
    @Override
    public void upload(Source source, String path, boolean overwrite) {
        boolean replace = overwrite;
        for (int attempt = 1; ; attempt++) {
            try {
                send(source, path, replace);
                long there = find(path).map(Entry::size).orElse(-1L);
                if (there == source.size()) {
                    return;
                }
                if (attempt == TRIES) {
                    throw CliFailure.failed("dbfs:" + path + " has " + there + " bytes, but " + source.size()
                            + " were sent; does something else write to it?");
                }
            } catch (CliFailure e) {
                if (e.exit() != ExitCode.UNAVAILABLE || attempt == TRIES) {
                    throw e;
                }
            }
            // What is there now is what this upload left.
            replace = true;
        }
    }

    private void send(Source source, String path, boolean overwrite) {
        ObjectNode create = Json.object().put("path", path).put("overwrite", overwrite);
        long handle = api.post(PREFIX + "create", create).path("handle").asLong();
        try (InputStream content = source.opener().open(0)) {
            for (byte[] block = content.readNBytes(BLOCK); block.length > 0; block = content.readNBytes(BLOCK)) {
                api.post(
                        PREFIX + "add-block",
                        Json.object()
                                .put("handle", handle)
                                .put("data", Base64.getEncoder().encodeToString(block)));
            }
        } catch (IOException e) {
            throw CliFailure.io("The file cannot be read", e);
        }
        api.post(PREFIX + "close", Json.object().put("handle", handle));
    }

    private static Entry entry(JsonNode file) {
        long size = file.path("file_size").asLong();
        long modified = file.path("modification_time").asLong();
        String path = file.path("path").asText();
        return new Entry(path, file.path("is_dir").asBoolean(), size, modified, modified + "-" + size, file);
    }

    /** The blocks of a file as one stream. */
    private final class Blocks extends InputStream {
        private final Entry entry;
        private long offset;
        private byte[] block = new byte[0];
        private int at;

        private Blocks(Entry entry, long offset) {
            this.entry = entry;
            this.offset = offset;
        }

        @Override
        public int read() {
            return fill() ? block[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int start, int length) {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, block.length - at);
            System.arraycopy(block, at, into, start, count);
            at += count;
            return count;
        }

        private boolean fill() {
            if (at == block.length && offset < entry.size()) {
                JsonNode answer = api.json(Call.get(PREFIX + "read")
                        .query("path", entry.path())
                        .query("offset", Long.toString(offset))
                        .query("length", Integer.toString(BLOCK)));
                block = Base64.getDecoder().decode(answer.path("data").asText());
                offset += block.length;
                at = 0;
            }
            return at < block.length;
        }
    }
}
