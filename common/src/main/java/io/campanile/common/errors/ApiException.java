package io.campanile.common.errors;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure the caller is meant to see. Anything else that escapes a handler becomes INTERNAL_ERROR. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<Map<String, Object>> details;

    public ApiException(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public ApiException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    public ApiException(ErrorCode code, String message, List<Map<String, Object>> details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code");
        this.details = List.copyOf(details);
    }

    /** Checks a field decoded from JSON, where null annotations promise nothing. */
    public static <T> T require(@Nullable T value, String field) {
        if (value == null) {
            throw invalid("Missing required field: " + field);
        }
        return value;
    }

    /** A 400 that says what is wrong with the input. */
    public static ApiException invalid(String message) {
        return new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, message);
    }

    /** A 404 that names the thing. */
    public static ApiException notFound(String message) {
        return new ApiException(ErrorCode.RESOURCE_DOES_NOT_EXIST, message);
    }

    public ErrorCode code() {
        return code;
    }

    /** Extra facts for machines; may carry {@code retry_after_seconds}, which also becomes the Retry-After header. */
    public List<Map<String, Object>> details() {
        return details;
    }
}
