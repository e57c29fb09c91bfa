package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Errors;
import io.campanile.common.json.Json;
import io.campanile.common.spool.Spool;
import io.campanile.notebooks.documents.OutputsOfCells.CellOutputs;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole notebook as a service sends it: {@code {"language","replace","cells":[...]}}. It is read twice, so that its
 * outputs, which are most of it, are never in memory together: first the cells without them, then cell by cell they alone.
 */
final class NotebookBody {
    private static final String OUTPUTS = "outputs";

    private final Spool spool;

    NotebookBody(Spool spool) {
        this.spool = requireNonNull(spool, "spool");
    }

    /**
     * Everything but the outputs.
     *
     * @param outputs whether any cell has some
     * @param units UTF-16 units of all texts
     */
    record Head(String language, List<PlainCell> cells, boolean replace, boolean outputs, long units) {
        Head {
            ApiException.require(language, "language");
            ApiException.require(cells, "cells");
        }
    }

    /** Takes the outputs of the cell at an index. */
    @FunctionalInterface
    interface OutputReader {
        void outputs(int index, CellOutputs outputs);
    }

    long bytes() {
        return spool.size();
    }

    Head read() {
        return reading(Reader::head);
    }

    /** Those of all cells that have some, in order. */
    void outputs(OutputReader consumer) {
        reading(reader -> reader.outputs(consumer));
    }

    private interface Reading<T> {
        T read(Reader reader) throws IOException;
    }

    private <T> T reading(Reading<T> reading) {
        try (InputStream in = spool.open();
                JsonParser json = Json.MAPPER.getFactory().createParser(in)) {
            return reading.read(new Reader(json));
        } catch (JsonProcessingException e) {
            throw Errors.malformed(e);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    static ApiException unavailable(IOException failure) {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "The disk where notebooks wait on their way does not answer as it should; try again",
                List.of(Map.of("retry_after_seconds", 10)),
                failure);
    }

    /** One time through the body. */
    private static final class Reader {
        private final JsonParser json;
        private final List<PlainCell> cells = new ArrayList<>();
        private boolean brings;
        private long units;

        Reader(JsonParser json) {
            this.json = json;
        }

        Head head() throws IOException {
            @Nullable String language = null;
            @Nullable List<PlainCell> read = null;
            boolean replace = false;
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "language" -> language = json.getValueAsString();
                    case "replace" -> replace = json.getValueAsBoolean();
                    case "cells" -> {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            cell();
                        }
                        read = cells;
                    }
                    default -> json.skipChildren();
                }
            }
            return new Head(
                    ApiException.require(language, "language"),
                    ApiException.require(read, "cells"),
                    replace,
                    brings,
                    units);
        }

        private void cell() throws IOException {
            Limits.requireCells(cells.size() + 1);
            ObjectNode plain = Json.MAPPER.createObjectNode();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (!name.equals(OUTPUTS)) {
                    plain.set(name, Json.MAPPER.<JsonNode>readTree(json));
                    continue;
                }
                brings |= value == JsonToken.START_ARRAY;
                json.skipChildren();
            }
            PlainCell cell = Json.MAPPER.treeToValue(plain, PlainCell.class);
            units += cell.source().length();
            Limits.requireUnits(units);
            cells.add(cell);
        }

        boolean outputs(OutputReader consumer) throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = json.currentName().equals("cells");
                json.nextToken();
                for (int i = 0; list && json.nextToken() == JsonToken.START_OBJECT; i++) {
                    outputs(i, consumer);
                }
                if (!list) {
                    json.skipChildren();
                }
            }
            return true;
        }

        private void outputs(int index, OutputReader consumer) throws IOException {
            @Nullable ArrayNode outputs = null;
            @Nullable Integer count = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals(OUTPUTS) && value == JsonToken.START_ARRAY) {
                    outputs = Json.MAPPER.readTree(json);
                } else if (name.equals("execution_count") && value == JsonToken.VALUE_NUMBER_INT) {
                    count = json.getIntValue();
                } else {
                    json.skipChildren();
                }
            }
            if (outputs != null && !outputs.isEmpty()) {
                consumer.outputs(index, new CellOutputs(outputs, count));
            }
        }
    }
}
