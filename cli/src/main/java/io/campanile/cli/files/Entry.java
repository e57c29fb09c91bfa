package io.campanile.cli.files;

import com.fasterxml.jackson.databind.JsonNode;

/** A file or folder of the server. {@code version} differs when the content does; empty when the server tells none. */
record Entry(String path, boolean folder, long size, long modified, String version, JsonNode wire) {
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
