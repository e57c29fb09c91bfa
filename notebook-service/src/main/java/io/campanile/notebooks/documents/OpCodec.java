package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operations and cells as JSON. What a client sent is checked field by field; the refusal names the field. */
final class OpCodec {
    private OpCodec() {}

    /** Decodes a client's operation; {@code replace} is the server's own. */
    static Op decode(@Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            throw ApiException.invalid("Field op must be an object");
        }
        String kind = text(json, "kind");
        return switch (kind) {
            case "text" -> new Op.Text(id(json), version(json), changes(json));
            case "insert" -> insert(json);
            case "delete" -> new Op.Delete(id(json));
            case "restore" -> new Op.Restore(id(json));
            case "move" -> new Op.Move(id(json), pos(json));
            case "meta" -> meta(json);
            case "type" -> new Op.Type(id(json), type(json), cellLanguage(json));
            case "language" -> new Op.Language(notebookLanguage(text(json, "lang"), "op.lang"));
            default -> throw ApiException.invalid("Field op.kind has an unknown value: " + shortened(kind));
        };
    }

    /** Decodes what {@link #encode} wrote. */
    static Op decodeStored(JsonNode json) {
        if (!json.path("kind").asText().equals("replace")) {
            return decode(json);
        }
        var cells = new java.util.ArrayList<Cell>();
        for (JsonNode cell : json.path("cells")) {
            cells.add(decodeCell(cell));
        }
        return new Op.Replace(cells);
    }

    static ObjectNode encode(Op op) {
        ObjectNode out = Json.MAPPER.createObjectNode();
        if (op instanceof Op.Text text) {
            out.put("kind", "text").put("cell", text.cell()).put("ver", text.ver());
            out.set("changes", text.changes().toJson());
        } else if (op instanceof Op.Insert insert) {
            out.put("kind", "insert")
                    .put("cell", insert.cell())
                    .put("type", insert.type().wire());
            out.put("lang", insert.lang()).put("pos", insert.pos()).put("src", insert.src());
            out.put("ver", insert.ver()).set("meta", Json.MAPPER.valueToTree(insert.meta()));
        } else if (op instanceof Op.Delete delete) {
            out.put("kind", "delete").put("cell", delete.cell());
        } else if (op instanceof Op.Restore restore) {
            out.put("kind", "restore").put("cell", restore.cell());
        } else if (op instanceof Op.Move move) {
            out.put("kind", "move").put("cell", move.cell()).put("pos", move.pos());
        } else if (op instanceof Op.Meta meta) {
            out.put("kind", "meta").put("cell", meta.cell()).put("key", meta.key());
            out.set("val", meta.val() == null ? out.nullNode() : meta.val());
        } else if (op instanceof Op.Type type) {
            out.put("kind", "type")
                    .put("cell", type.cell())
                    .put("type", type.type().wire());
            out.put("lang", type.lang());
        } else if (op instanceof Op.Language language) {
            out.put("kind", "language").put("lang", language.lang());
        } else if (op instanceof Op.Replace replace) {
            ArrayNode cells = out.put("kind", "replace").putArray("cells");
            replace.cells().forEach(cell -> cells.add(encodeCell(cell)));
        }
        return out;
    }

    static String kind(Op op) {
        return encodeKind(op.getClass());
    }

    private static String encodeKind(Class<?> type) {
        return type.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    static ObjectNode encodeCell(Cell cell) {
        ObjectNode out = Json.MAPPER.createObjectNode();
        out.put("id", cell.id()).put("type", cell.type().wire()).put("lang", cell.lang());
        out.put("src", cell.src()).put("ver", cell.ver()).put("pos", cell.pos());
        out.set("meta", Json.MAPPER.valueToTree(cell.meta()));
        return out;
    }

    static Cell decodeCell(JsonNode json) {
        return new Cell(
                json.path("id").asText(),
                json.path("type").asText().equals("markdown") ? CellType.MARKDOWN : CellType.CODE,
                json.path("lang").isTextual() ? json.path("lang").textValue() : null,
                json.path("src").asText(),
                json.path("ver").asLong(),
                json.path("pos").asText(),
                fields(json.path("meta")));
    }

    static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> out = new LinkedHashMap<>();
        object.properties().forEach(entry -> out.put(entry.getKey(), entry.getValue()));
        return out;
    }

    static String notebookLanguage(String language, String field) {
        if (!Limits.NOTEBOOK_LANGUAGES.contains(language)) {
            throw ApiException.invalid("Field " + field + " is no language of notebooks: " + shortened(language));
        }
        return language;
    }

    private static Op insert(JsonNode json) {
        JsonNode src = json.path("src");
        if (!src.isTextual() && !src.isMissingNode() && !src.isNull()) {
            throw ApiException.invalid("Field op.src must be a string");
        }
        JsonNode meta = json.path("meta");
        if (!meta.isObject() && !meta.isMissingNode() && !meta.isNull()) {
            throw ApiException.invalid("Field op.meta must be an object");
        }
        Map<String, JsonNode> fields = fields(meta);
        fields.values().removeIf(JsonNode::isNull);
        fields.forEach((key, val) -> checkMeta("op.meta", key, val));
        if (fields.size() > Limits.META_KEYS) {
            throw ApiException.invalid("Field op.meta has more than " + Limits.META_KEYS + " keys");
        }
        String source = src.isTextual() ? src.textValue() : "";
        return new Op.Insert(id(json), type(json), cellLanguage(json), pos(json), source, fields, 0);
    }

    private static Op meta(JsonNode json) {
        String key = text(json, "key");
        JsonNode val = json.path("val");
        checkMeta("op.key", key, val);
        return new Op.Meta(id(json), key, val.isMissingNode() || val.isNull() ? null : val);
    }

    private static void checkMeta(String field, String key, JsonNode val) {
        if (!Limits.META_KEY.matcher(key).matches()) {
            throw ApiException.invalid("Field " + field + " is no key of metadata: " + shortened(key));
        }
        if (Json.write(val).length() > Limits.META_CHARS) {
            throw ApiException.invalid("Field " + field + " has a value longer than " + Limits.META_CHARS);
        }
    }

    private static ChangeSet changes(JsonNode json) {
        try {
            return ChangeSet.fromJson(json.path("changes"));
        } catch (IllegalArgumentException e) {
            throw new ApiException(
                    io.campanile.common.errors.ErrorCode.INVALID_PARAMETER_VALUE,
                    "Field op.changes " + e.getMessage(),
                    e);
        }
    }

    private static String id(JsonNode json) {
        String id = text(json, "cell");
        if (!Limits.ID.matcher(id).matches()) {
            throw ApiException.invalid("Field op.cell is no cell id: " + shortened(id));
        }
        return id;
    }

    private static String pos(JsonNode json) {
        String pos = text(json, "pos");
        if (!Positions.valid(pos)) {
            throw ApiException.invalid("Field op.pos is no position: " + shortened(pos));
        }
        return pos;
    }

    private static CellType type(JsonNode json) {
        String type = text(json, "type");
        return switch (type) {
            case "code" -> CellType.CODE;
            case "markdown" -> CellType.MARKDOWN;
            default -> throw ApiException.invalid("Field op.type has an unknown value: " + shortened(type));
        };
    }

    private static @Nullable String cellLanguage(JsonNode json) {
        JsonNode lang = json.path("lang");
        if (lang.isMissingNode() || lang.isNull()) {
            return null;
        }
        if (!lang.isTextual() || !Limits.CELL_LANGUAGES.contains(lang.textValue())) {
            throw ApiException.invalid("Field op.lang is no language of cells: " + shortened(lang.asText()));
        }
        return lang.textValue();
    }

    private static long version(JsonNode json) {
        JsonNode ver = json.path("ver");
        if (!ver.isIntegralNumber() || !ver.canConvertToLong() || ver.longValue() < 0) {
            throw ApiException.invalid("Field op.ver must be a whole number of at least 0");
        }
        return ver.longValue();
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw ApiException.invalid("Field op." + field + " must be a string");
        }
        return value.textValue();
    }

    private static String shortened(String value) {
        return value.length() <= 64 ? value : value.substring(0, 64) + "...";
    }
}
