package io.campanile.workspace.notebooks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.InternalClient;
import io.campanile.common.json.Json;
import io.campanile.common.json.JsonStream;
import io.campanile.common.spool.Spool;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.formats.Cell;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.NotebookSink;
import io.campanile.workspace.formats.NotebookSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The internal HTTP API of the notebook service. Documents go and come as streams. */
public final class HttpNotebookClient implements NotebookClient {
    private static final String SELF = "workspace";
    /** The largest file has no more text than this, whatever its cells and outputs are called on the way. */
    private static final long LARGEST_DOCUMENT = 256L * 1024 * 1024;
    /** What is whole in memory: all formats but JUPYTER have fewer bytes. */
    private static final long WHOLE = 32L * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long BYTES_A_SECOND = 1024 * 1024;

    private final InternalClient http;
    private final Supplier<Path> drafts;

    /** {@code drafts}: names for files that nobody asks for after a crash. */
    public HttpNotebookClient(InternalClient http, Supplier<Path> drafts) {
        this.http = requireNonNull(http, "http");
        this.drafts = requireNonNull(drafts, "drafts");
    }

    @Override
    public void put(Caller caller, long objectId, NotebookSource notebook, boolean replace) {
        BlobErrors.guard(() -> {
            try (Spool document = Spool.at(drafts.get(), LARGEST_DOCUMENT, HttpNotebookClient::tooLarge)) {
                write(notebook, replace, document);
                http.put(
                        caller.via(SELF),
                        path(objectId),
                        document.publisher(),
                        JsonNode.class,
                        PATIENCE.plusSeconds(document.size() / BYTES_A_SECOND));
            }
            return true;
        });
    }

    private static void write(NotebookSource notebook, boolean replace, Spool document) throws IOException {
        JsonGenerator json = JsonStream.to(document.out());
        json.writeStartObject();
        json.writeFieldName("language");
        JsonStream.write(json, notebook.language());
        json.writeBooleanField("replace", replace);
        json.writeArrayFieldStart("cells");
        notebook.each(cell -> JsonStream.write(json, cell));
        json.writeEndArray();
        json.writeEndObject();
        json.close();
    }

    @Override
    public <R> R read(Caller caller, long objectId, boolean outputs, Reading<R> reading) {
        return http.read(
                caller.via(SELF),
                path(objectId) + "?outputs=" + outputs,
                PATIENCE.multipliedBy(3),
                (answer, length) -> reading.read(new Coming(answer, length)));
    }

    /** Cell by cell; the language stands before them. */
    private static void read(InputStream answer, NotebookSink sink) throws IOException {
        try (JsonParser json = Json.MAPPER.getFactory().createParser(answer)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("language")) {
                    sink.language(Json.MAPPER.readValue(json, Language.class));
                } else if (name.equals("cells")) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        sink.cell(Json.MAPPER.readValue(json, Cell.class));
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    @Override
    public void delete(Caller caller, long objectId) {
        http.delete(caller.via(SELF), path(objectId), JsonNode.class);
    }

    @Override
    public void setLanguage(Caller caller, long objectId, Language language) {
        http.post(caller.via(SELF), path(objectId) + "/language", Map.of("language", language), JsonNode.class);
    }

    private static String path(long objectId) {
        return "/internal/notebooks/" + objectId;
    }

    private static ApiException tooLarge() {
        return new ApiException(
                ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                "Field content: the notebook has more than " + LARGEST_DOCUMENT + " bytes");
    }

    /** A document whose bytes are on their way. */
    private record Coming(InputStream answer, long bytes) implements Document {
        @Override
        public void sendTo(NotebookSink sink) throws IOException {
            HttpNotebookClient.read(answer, sink);
        }

        @Override
        public Notebook whole() throws IOException {
            Whole whole = new Whole();
            HttpNotebookClient.read(new Bounded(answer), whole);
            return whole.notebook();
        }
    }

    /** Collects a notebook. */
    private static final class Whole implements NotebookSink {
        private final List<Cell> cells = new ArrayList<>();
        private @Nullable Language language;

        @Override
        public void language(Language of) {
            language = of;
        }

        @Override
        public void cell(Cell cell) {
            cells.add(cell);
        }

        Notebook notebook() {
            return new Notebook(ApiException.require(language, "language"), cells);
        }
    }

    /** Ends what would be too much to have in memory. */
    private static final class Bounded extends FilterInputStream {
        private long left = WHOLE;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int got = super.read(into, from, length);
            left -= Math.max(0, got);
            if (left < 0) {
                throw new ApiException(
                        ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                        "The notebook has more than " + WHOLE
                                + " bytes with its outputs; only the format JUPYTER has no such limit");
            }
            return got;
        }
    }
}
