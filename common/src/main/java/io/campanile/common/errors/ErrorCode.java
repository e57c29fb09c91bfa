package io.campanile.common.errors;

/** The error codes of the public API; the name goes on the wire as {@code error_code}. */
public enum ErrorCode {
    BAD_REQUEST(400),
    INVALID_PARAMETER_VALUE(400),
    MALFORMED_REQUEST(400),
    INVALID_STATE(400),
    RESOURCE_ALREADY_EXISTS(400),
    DIRECTORY_NOT_EMPTY(400),
    MAX_NOTEBOOK_SIZE_EXCEEDED(400),
    MAX_BLOCK_SIZE_EXCEEDED(400),
    MAX_READ_SIZE_EXCEEDED(400),
    RESOURCE_LIMIT_EXCEEDED(400),
    UNAUTHENTICATED(401),
    PERMISSION_DENIED(403),
    RESOURCE_DOES_NOT_EXIST(404),
    ENDPOINT_NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    RESOURCE_CONFLICT(409),
    PRECONDITION_FAILED(412),
    REQUEST_TOO_LARGE(413),
    RANGE_NOT_SATISFIABLE(416),
    REQUEST_LIMIT_EXCEEDED(429),
    INTERNAL_ERROR(500),
    BAD_GATEWAY(502),
    TEMPORARILY_UNAVAILABLE(503),
    DEADLINE_EXCEEDED(504);

    private final int httpStatus;

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** The code that stands for an HTTP status another layer decided on. */
    public static ErrorCode ofStatus(int status) {
        for (ErrorCode code : values()) {
            if (code.httpStatus == status) {
                return code;
            }
        }
        return status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
    }
}
