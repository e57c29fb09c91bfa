package io.campanile.notebooks.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Secrets for the code that a node runs, with the rights that its owner has at that moment. Blocking. */
public interface NodeSecrets {
    /**
     * What a kernel asks.
     *
     * @param what {@code get} a value, {@code list} the keys of a scope, or the {@code scopes}
     */
    record Question(
            String what, @Nullable String scope, @Nullable String key) {
        private static final Set<String> KNOWN = Set.of("get", "list", "scopes");

        public Question {
            if (!KNOWN.contains(ApiException.require(what, "what"))) {
                throw ApiException.invalid("what must be one of " + KNOWN);
            }
        }
    }

    /** The answer for the kernel; the refusals are those of the secrets API. */
    JsonNode ask(NodeIdentity node, Question question, String requestId);
}
