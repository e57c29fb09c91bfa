package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;

/** A message of the Jupyter protocol; {@code parentId} is empty when it answers nothing. */
public record JupyterMessage(String id, String type, String parentId, JsonNode content) {}
