package io.campanile.workspace.formats;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An .ipynb file that is read cell by cell. It is gone through twice: what says how to read the cells, the language and
 * the version, usually stands behind them.
 */
public final class JupyterFile implements NotebookSource {
    /** What a notebook holds; more are refused by the one who keeps it, but a million would cost memory before. */
    private static final int MOST_CELLS = 10_000;
    /** Characters of metadata and attachments, which are kept beside the document and are in memory together. */
    private static final long MOST_TRIMMINGS = 16L * 1024 * 1024;

    private final Bytes file;
    private final Language language;
    private final int version;
    private final JsonNode metadata;
    /** The how manieth list of this name has the cells: of names that are there twice the last one counts. */
    private final int list;

    private Trimmings trimmings = Trimmings.NONE;

    /** Bytes that can be read again. */
    @FunctionalInterface
    public interface Bytes {
        InputStream open() throws IOException;
    }

    private JupyterFile(Bytes file, Language language, Outline outline) {
        this.file = requireNonNull(file, "file");
        this.language = requireNonNull(language, "language");
        this.version = outline.version();
        this.list = outline.list();
        this.metadata = outline.metadata;
    }

    /** Looks a file over; {@code wanted} wins over what it says its language is. */
    public static JupyterFile open(Bytes file, @Nullable Language wanted) throws IOException {
        Outline outline = new Outline();
        try (InputStream in = file.open();
                JsonValues values = new JsonValues(in)) {
            try {
                outline.read(values);
            } catch (JsonProcessingException | CharConversionException e) {
                throw values.refused(e);
            }
        }
        outline.check();
        return new JupyterFile(file, wanted == null ? JupyterFormat.languageOf(outline.metadata) : wanted, outline);
    }

    @Override
    public Language language() {
        return language;
    }

    /** What documents have no place for; known once all cells have been read. */
    public Trimmings trimmings() {
        return trimmings;
    }

    @Override
    public void each(CellReader reader) throws IOException {
        Cells cells = new Cells(reader);
        try (InputStream in = file.open();
                JsonValues values = new JsonValues(in)) {
            try {
                cells.read(values);
            } catch (JsonProcessingException | CharConversionException e) {
                throw values.refused(e);
            }
        }
        trimmings = new Trimmings(null, metadata.isObject() && !metadata.isEmpty() ? metadata : null, cells.trimmings);
    }

    private static String listOf(int version) {
        return version == 4 ? "cells" : "worksheets";
    }

    /** What the first reading finds. */
    private static final class Outline {
        private JsonNode metadata = MissingNode.getInstance();
        private JsonNode format = MissingNode.getInstance();
        private final Map<String, Integer> lists = new HashMap<>();
        private final Set<String> arrays = new HashSet<>();

        void read(JsonValues values) throws IOException {
            JsonParser parser = values.parser();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                if (parser.currentToken() != null) {
                    values.skip("the notebook");
                }
                throw ApiException.invalid("The content is not a Jupyter notebook: it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "metadata" -> metadata = values.value("metadata");
                    case "nbformat" -> format = values.value("nbformat");
                    case "cells", "worksheets" -> {
                        lists.merge(name, 1, Integer::sum);
                        arrays.remove(name);
                        if (value == JsonToken.START_ARRAY) {
                            arrays.add(name);
                        }
                        values.skip(name);
                    }
                    default -> values.skip(name);
                }
            }
        }

        /** A file without a version is read as one of today; 0 for a version that is no whole number of 32 bits. */
        int version() {
            if (format.isMissingNode()) {
                return 4;
            }
            return format.isIntegralNumber() && format.canConvertToInt() ? format.intValue() : 0;
        }

        int list() {
            return arrays.contains(listOf(version())) ? lists.getOrDefault(listOf(version()), 0) : 0;
        }

        void check() {
            if (version() != 3 && version() != 4) {
                String given = format.isValueNode() ? format.toString() : "that is not a number";
                throw ApiException.invalid("Field content: nbformat " + given.substring(0, Math.min(40, given.length()))
                        + " is not supported; 3 and 4 are");
            }
            if (version() == 4 && list() == 0) {
                throw ApiException.invalid("The content is not a Jupyter notebook: it has no list of cells");
            }
        }
    }

    /** The second reading. */
    private final class Cells {
        private final CellReader reader;
        private final Set<String> ids = new HashSet<>();
        private final Map<String, Trimmings.CellTrimmings> trimmings = new HashMap<>();
        private long trimmed = metadata.isObject() ? metadata.toString().length() : 0;

        Cells(CellReader reader) {
            this.reader = reader;
        }

        void read(JsonValues values) throws IOException {
            JsonParser parser = values.parser();
            parser.nextToken();
            int found = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (!name.equals(listOf(version)) || ++found != list) {
                    values.skip(name);
                } else if (version == 4) {
                    cells(values);
                } else {
                    sheets(values);
                }
            }
        }

        private void sheets(JsonValues values) throws IOException {
            JsonParser parser = values.parser();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    values.skip("worksheets");
                    continue;
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean cells = parser.currentName().equals("cells");
                    if (parser.nextToken() == JsonToken.START_ARRAY && cells) {
                        cells(values);
                    } else {
                        values.skip("worksheets");
                    }
                }
            }
        }

        private void cells(JsonValues values) throws IOException {
            while (values.parser().nextToken() != JsonToken.END_ARRAY) {
                if (ids.size() == MOST_CELLS) {
                    throw new ApiException(
                            ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                            "Field content: cells: a notebook has at most " + MOST_CELLS + " cells");
                }
                JsonNode node = values.value("cells[" + ids.size() + "]");
                cell(version == 4 ? node : LegacyJupyter.cell(node));
            }
        }

        private void cell(JsonNode node) throws IOException {
            Cell found = JupyterFormat.cell(node, language);
            Cell cell = ids.add(found.id()) ? found : found.withId(Cell.newId());
            if (cell != found) {
                ids.add(cell.id());
            }
            JupyterTrimmings.of(node).ifPresent(kept -> keep(cell.id(), kept));
            reader.cell(cell);
        }

        private void keep(String id, Trimmings.CellTrimmings kept) {
            trimmed += length(kept.metadata()) + length(kept.attachments());
            if (trimmed > MOST_TRIMMINGS) {
                throw new ApiException(
                        ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                        "Field content: metadata and attachments have more than " + MOST_TRIMMINGS
                                + " characters in all");
            }
            trimmings.put(id, kept);
        }

        private static long length(@Nullable JsonNode node) {
            return node == null ? 0 : node.toString().length();
        }
    }
}
