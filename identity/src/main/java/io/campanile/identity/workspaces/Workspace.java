package io.campanile.identity.workspaces;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A workspace of the account.
 *
 * @param hostName the first label of its host; null for one that is reached by its id alone
 * @param settings what clients gave beside the names, as it came
 */
record Workspace(long workspaceId, String name, @Nullable String hostName, Instant createdAt, JsonNode settings) {}
