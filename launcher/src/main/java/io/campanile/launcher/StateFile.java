package io.campanile.launcher;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@code run/state.json}: the processes of the control plane, merged with the nodes' of {@code run/nodes.json}. */
final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private final DataDir data;
    private final Map<String, ProcessRow> own = new LinkedHashMap<>();
    private List<ProcessRow> written = List.of();

    StateFile(DataDir data) {
        this.data = requireNonNull(data, "data");
    }

    synchronized void put(ProcessRow row) {
        own.put(row.role(), row);
        refresh();
    }

    /** Writes the file when anything changed. */
    synchronized void refresh() {
        List<ProcessRow> rows = new ArrayList<>();
        own.values().stream().filter(row -> row.alive().isPresent()).forEach(rows::add);
        rows.addAll(read(data.run().resolve("nodes.json")));
        if (rows.equals(written) && Files.exists(data.stateFile())) {
            return;
        }
        try {
            Files0600.writeJson(data.stateFile(), Map.of("processes", rows));
            written = rows;
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("The state file could not be written");
        }
    }

    /** The processes a state file lists; empty when there is none. */
    static List<ProcessRow> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            JsonNode tree = Json.MAPPER.readTree(Files.readAllBytes(file));
            List<ProcessRow> rows = new ArrayList<>();
            for (JsonNode row : tree.isArray() ? tree : tree.path("processes")) {
                rows.add(Json.MAPPER.treeToValue(row, ProcessRow.class));
            }
            return rows;
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("A list of processes could not be read");
            return List.of();
        }
    }
}
