package io.campanile.workspace.formats;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A notebook inside a DBC archive: JSON with {@code version} "NotebookV1" and its {@code commands} by {@code position},
 * each a text with its magic. What that has no place for (ids, outputs) is in {@code campanile}.
 */
public final class DbcFormat {
    private static final String VERSION = "NotebookV1";
    private static final String OURS = "campanile";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private DbcFormat() {}

    /** The language a name in an archive stands for. */
    public static Optional<Language> languageOf(String extension) {
        return switch (extension.toLowerCase(Locale.ROOT)) {
            case "python" -> Optional.of(Language.PYTHON);
            case "scala" -> Optional.of(Language.SCALA);
            case "sql" -> Optional.of(Language.SQL);
            case "r" -> Optional.of(Language.R);
            case "java" -> Optional.of(Language.JAVA);
            default -> Optional.empty();
        };
    }

    /** What a notebook's name ends with in an archive, without the dot. */
    public static String extension(Language language) {
        return language.magic();
    }

    /** Reads a notebook whose name says it is in {@code named}, unless it says otherwise itself. */
    public static Notebook read(byte[] file, Language named) {
        JsonNode root = parse(file);
        if (!root.path("version").asText().equals(VERSION)) {
            throw ApiException.invalid("version must be " + VERSION);
        }
        if (!root.path("commands").isArray()) {
            throw ApiException.invalid("commands is not a list");
        }
        Language language = Language.ofName(root.path("language").asText()).orElse(named);
        List<JsonNode> commands = new ArrayList<>();
        root.path("commands").forEach(commands::add);
        // In the order of the page; of those at one place, as they came.
        commands.sort(
                Comparator.comparingDouble(command -> command.path("position").asDouble(0)));
        List<Cell> cells = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode command : commands) {
            Cell cell = cell(command, language);
            cells.add(ids.add(cell.id()) ? cell : cell.withId(Cell.newId()));
        }
        return new Notebook(language, cells);
    }

    /** Writes a notebook; MAX_NOTEBOOK_SIZE_EXCEEDED when it has more than {@code limit} bytes. */
    public static byte[] write(Notebook notebook, String name, long limit) {
        ObjectNode root = NODES.objectNode();
        root.put("version", VERSION);
        root.put("name", name);
        root.put("language", notebook.language().magic());
        ArrayNode commands = root.putArray("commands");
        int position = 0;
        for (Cell cell : notebook.cells()) {
            position++;
            commands.add(command(cell, notebook.language(), position));
        }
        root.putArray("dashboards");
        root.putObject("globalVars");
        root.putObject("inputWidgets");
        var out = new LimitedBytes(limit);
        try {
            Json.MAPPER.writeValue(out, root);
        } catch (IOException e) {
            if (e.getCause() instanceof ApiException tooLong) {
                throw tooLong;
            }
            throw new IllegalStateException("A tree of JSON nodes could not be written", e);
        }
        return out.toByteArray();
    }

    private static ObjectNode command(Cell cell, Language notebook, int position) {
        boolean foreign = cell.language() != notebook;
        ObjectNode command = NODES.objectNode()
                .put("version", "CommandV1")
                .put("subtype", "command")
                .put("commandType", "auto")
                .put("position", (double) position)
                .put("command", foreign ? Magics.put(cell.language(), cell.source()) : cell.source())
                .put("commandTitle", cell.title() == null ? "" : cell.title())
                .put("showCommandTitle", cell.title() != null);
        ObjectNode ours = command.putObject(OURS).put("id", cell.id());
        if (cell.executionCount() != null) {
            ours.put("executionCount", cell.executionCount());
        }
        if (!cell.outputs().isEmpty()) {
            ArrayNode outputs = ours.putArray("outputs");
            cell.outputs().forEach(outputs::add);
        }
        return command;
    }

    private static Cell cell(JsonNode command, Language notebook) {
        if (!command.path("command").isTextual()) {
            throw ApiException.invalid("commands: a command is not a text");
        }
        String source = command.path("command").asText();
        JsonNode ours = command.path(OURS);
        String id = JupyterFormat.isCellId(ours.path("id").asText())
                ? ours.path("id").asText()
                : Cell.newId();
        String text = command.path("commandTitle").asText();
        @Nullable String title = command.path("showCommandTitle").asBoolean() && !text.isBlank() ? text : null;
        Magics.Plain plain = Magics.take(source, notebook);
        if (plain.language() == Language.MARKDOWN) {
            return Cell.of(id, Language.MARKDOWN, plain.source(), title);
        }
        JsonNode count = ours.path("executionCount");
        return new Cell(
                id,
                CellType.CODE,
                plain.language(),
                plain.source(),
                title,
                JupyterOutputs.read(ours.path("outputs")),
                count.isInt() ? count.intValue() : null);
    }

    private static JsonNode parse(byte[] file) {
        try {
            JsonNode root = Json.MAPPER.readTree(file);
            if (root == null || !root.isObject()) {
                throw ApiException.invalid("this is not a notebook of an archive: it is not a JSON object");
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "a single value is larger than 20 MB, or it is nested more than 1000 levels deep",
                    e);
        } catch (IOException e) {
            throw new ApiException(
                    ErrorCode.INVALID_PARAMETER_VALUE, "this is not a notebook of an archive: it is not JSON", e);
        }
    }
}
