package io.campanile.identity.scim;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.List;
import java.util.Map;

/** The failures SCIM names (RFC 7644, 3.12). */
final class ScimFailures {
    static final String TYPE = "scim_type";

    private ScimFailures() {}

    static ApiException invalidFilter(String message) {
        return bad("invalidFilter", message);
    }

    static ApiException invalidValue(String message) {
        return bad("invalidValue", message);
    }

    static ApiException invalidPath(String message) {
        return bad("invalidPath", message);
    }

    static ApiException mutability(String message) {
        return bad("mutability", message);
    }

    static ApiException uniqueness(String message) {
        return new ApiException(ErrorCode.RESOURCE_CONFLICT, message, List.of(Map.of(TYPE, "uniqueness")), null);
    }

    private static ApiException bad(String type, String message) {
        return new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, message, List.of(Map.of(TYPE, type)), null);
    }
}
