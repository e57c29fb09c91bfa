package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;

/** A message of the Jupyter protocol; {@code parentId} is empty when it answers nothing, {@code size} counts bytes. */
public record JupyterMessage(String id, String type, String parentId, JsonNode content, int size) {
    /** The type of a message that stands for one that was too long to read; its content has {@code bytes}. */
    public static final String TOO_LONG = "campanile_too_long";
}
