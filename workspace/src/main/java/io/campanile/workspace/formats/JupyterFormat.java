package io.campanile.workspace.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JUPYTER format: nbformat 4 written, nbformat 3 and every 4.x read. */
public final class JupyterFormat {
    private static final String NOTEBOOK_METADATA = "application/vnd.databricks.v1+notebook";
    static final String CELL_METADATA = "application/vnd.databricks.v1+cell";
    private static final Pattern CELL_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JupyterFormat() {}

    /** Reads an .ipynb file; {@code wanted} wins over what the file says its language is. */
    public static Notebook read(byte[] file, @Nullable Language wanted) {
        return readFile(file, wanted).notebook();
    }

    /** Like {@link #read}, with what documents have no place for. */
    public static ReadFile readFile(byte[] file, @Nullable Language wanted) {
        List<Cell> cells = new ArrayList<>();
        try {
            JupyterFile opened = JupyterFile.open(() -> new ByteArrayInputStream(file), wanted);
            opened.each(cells::add);
            return new ReadFile(new Notebook(opened.language(), cells), opened.trimmings());
        } catch (IOException e) {
            throw new IllegalStateException("Bytes in memory could not be read", e);
        }
    }

    /** Writes an .ipynb file, with outputs; MAX_NOTEBOOK_SIZE_EXCEEDED when it has more than {@code limit} bytes. */
    public static byte[] write(Notebook notebook, String name, long limit) {
        return write(notebook, Trimmings.NONE, name, limit);
    }

    /** Like {@link #write(Notebook, String, long)}, with what the file it came from had. */
    public static byte[] write(Notebook notebook, Trimmings trimmings, String name, long limit) {
        // Counted while it is written: indentation makes a hundred times more of a deeply nested output.
        var out = new LimitedBytes(limit);
        try (JupyterWriter writer = new JupyterWriter(out, trimmings, name, true)) {
            notebook.sendTo(writer);
            writer.finish();
        } catch (IOException e) {
            throw new IllegalStateException("A notebook in memory could not be written", e);
        }
        return out.toByteArray();
    }

    /** What stands behind the cells: of the file it came from where that is still true. */
    static ObjectNode metadata(Language language, Trimmings trimmings, String name) {
        ObjectNode metadata = NODES.objectNode();
        boolean kept = trimmings.metadata() instanceof ObjectNode original && languageOf(original) == language;
        if (kept && trimmings.metadata() instanceof ObjectNode original) {
            metadata.setAll(original.deepCopy());
        }
        // What another writer put there may be anything.
        if (!metadata.path(NOTEBOOK_METADATA).isObject()) {
            metadata.remove(NOTEBOOK_METADATA);
        }
        metadata.withObjectProperty(NOTEBOOK_METADATA)
                .put("language", language.magic())
                .put("notebookName", name);
        if (!kept || !metadata.has("kernelspec")) {
            describe(metadata, language);
        }
        return metadata;
    }

    static boolean isCellId(String id) {
        return CELL_ID.matcher(id).matches();
    }

    private static void describe(ObjectNode metadata, Language language) {
        metadata.putObject("kernelspec")
                .put("display_name", title(language.magic()))
                .put("language", language.magic())
                .put("name", language.magic());
        metadata.putObject("language_info")
                .put("file_extension", "." + language.extension())
                .put("mimetype", language.mimeType())
                .put("name", language.magic());
    }

    static Language languageOf(JsonNode metadata) {
        for (String named : List.of(
                metadata.path(NOTEBOOK_METADATA).path("language").asText(),
                metadata.path("kernelspec").path("language").asText(),
                metadata.path("language_info").path("name").asText(),
                metadata.path("kernelspec").path("name").asText())) {
            Optional<Language> language = Language.ofName(named);
            if (language.isPresent()) {
                return language.get();
            }
        }
        return Language.PYTHON; // what a file without a kernelspec has always meant
    }

    static Cell cell(JsonNode node, Language notebook) {
        String source = JupyterText.joined(node.path("source"));
        String id = node.path("id").asText();
        String kept = CELL_ID.matcher(id).matches() ? id : Cell.newId();
        @Nullable String title = titleOf(node);
        switch (node.path("cell_type").asText()) {
            case "code" -> {
                Magics.Plain plain = Magics.take(source, notebook);
                if (plain.language() == Language.MARKDOWN) {
                    return Cell.of(kept, Language.MARKDOWN, plain.source(), title);
                }
                JsonNode count = node.path("execution_count");
                return new Cell(
                        kept,
                        CellType.CODE,
                        plain.language(),
                        plain.source(),
                        title,
                        JupyterOutputs.read(node.path("outputs")),
                        count.canConvertToInt() && count.isNumber() ? count.intValue() : null);
            }
            case "markdown" -> {
                return Cell.of(kept, Language.MARKDOWN, JupyterText.inlined(source, node.path("attachments")), title);
            }
            case "raw" -> {
                return Cell.of(kept, Language.MARKDOWN, source, title);
            }
            default ->
                throw ApiException.invalid("The content is not a Jupyter notebook: a cell has the unknown type '"
                        + node.path("cell_type").asText() + "'");
        }
    }

    private static @Nullable String titleOf(JsonNode node) {
        String ours =
                node.path("metadata").path(CELL_METADATA).path("title").asText().strip();
        return ours.isEmpty() ? null : ours;
    }

    static ObjectNode node(Cell cell, Language notebook) {
        ObjectNode node = NODES.objectNode();
        boolean code = cell.type() == CellType.CODE;
        node.put("cell_type", code ? "code" : "markdown");
        if (code) {
            node.put("execution_count", cell.executionCount());
        }
        node.put("id", CELL_ID.matcher(cell.id()).matches() ? cell.id() : Cell.newId());
        ObjectNode metadata = node.putObject("metadata");
        if (cell.title() != null) {
            metadata.putObject(CELL_METADATA).put("showTitle", true).put("title", cell.title());
        }
        if (code) {
            ArrayNode outputs = node.putArray("outputs");
            cell.outputs().forEach(outputs::add);
        }
        boolean foreign = code && cell.language() != notebook;
        JupyterText.splitInto(
                node.putArray("source"), foreign ? Magics.put(cell.language(), cell.source()) : cell.source());
        return node;
    }

    private static String title(String word) {
        return word.length() < 4 && !word.equals("r") && !word.equals("sql")
                ? word
                : word.equals("sql") || word.equals("r")
                        ? word.toUpperCase(java.util.Locale.ROOT)
                        : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
