package io.campanile.launcher.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;

/**
 * What came back.
 *
 * @param status of HTTP; of a frame, that of its error code, and 404 for a notebook that is gone for the caller
 * @param nanos from the first byte out to the last byte in
 */
record Answer(int status, String body, String requestId, long nanos) {
    JsonNode json() {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + body, e);
        }
    }

    /** The same without its words. */
    Answer unread() {
        return new Answer(status, "", requestId, nanos);
    }

    boolean denied() {
        return status >= 400;
    }

    /** The answer, or a failure of the test when it is no success. */
    Answer succeeded(String what) {
        if (denied()) {
            throw new IllegalStateException(what + ": " + status + " " + body);
        }
        return this;
    }
}
