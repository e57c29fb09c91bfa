package io.campanile.common.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that maps failures to the public REST error envelope. */
public final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    /** character_not_in_repertoire and untranslatable_character: NUL, which only the database minds. */
    private static final Set<String> UNSTORABLE = Set.of("22021", "22P05");

    private static final String DIALECT = "campanile.error-dialect";

    private Errors() {}

    /** From here on failures of this request read as {@code dialect} has them. */
    static void speak(RoutingContext context, ErrorDialect dialect) {
        context.put(DIALECT, dialect);
    }

    /** Answers a request with what {@code failure} stands for; unknown failures are logged once with the request id. */
    public static void respond(RoutingContext context, Throwable failure) {
        ApiException known = translate(failure);
        if (known.code() == ErrorCode.INTERNAL_ERROR && !isGone(failure)) {
            LOG.atError()
                    .addKeyValue("requestId", RequestIds.of(context))
                    .addKeyValue("route", context.request().method() + " " + context.normalizedPath())
                    .setCause(failure)
                    .log("Unexpected failure of a request");
        }
        @Nullable ErrorDialect dialect = context.get(DIALECT);
        if (dialect == null) {
            respond(context.response(), known);
        } else {
            respond(context.response(), known, dialect.contentType(), dialect.body(known));
        }
    }

    /** Writes the envelope, unless the answer has already begun: then the connection is cut, the only honest end. */
    public static void respond(HttpServerResponse response, ApiException failure) {
        respond(response, failure, "application/json", body(failure));
    }

    private static void respond(HttpServerResponse response, ApiException failure, String type, String body) {
        if (response.headWritten()) {
            response.reset();
            return;
        }
        response.setStatusCode(failure.code().httpStatus()).putHeader("Content-Type", type);
        retryAfter(failure).ifPresent(seconds -> response.putHeader("Retry-After", seconds));
        response.end(Buffer.buffer(body));
    }

    /** Whether whoever asked has gone away: then nobody is answered, and nothing is wrong. */
    public static boolean isGone(@Nullable Throwable failure) {
        return failure instanceof ClosedChannelException || failure instanceof HttpClosedException;
    }

    /** The envelope of WIRE: {@code {"error_code","message","details"}}. */
    public static String body(ApiException failure) {
        return Json.write(Map.of(
                "error_code",
                failure.code().name(),
                "message",
                String.valueOf(failure.getMessage()),
                "details",
                failure.details()));
    }

    /** What a failure looks like to a caller. */
    public static ApiException translate(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof ValueInstantiationException e && e.getCause() instanceof ApiException refused) {
            return refused;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException || cause instanceof SQLException sql && isOutage(sql)) {
                return new ApiException(
                        ErrorCode.TEMPORARILY_UNAVAILABLE,
                        "The database is not available at the moment; try again",
                        List.of(Map.of("retry_after_seconds", 2)),
                        failure);
            }
            if (cause instanceof SQLException sql && UNSTORABLE.contains(String.valueOf(sql.getSQLState()))) {
                return new ApiException(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "A value has a character that cannot be stored, such as NUL",
                        failure);
            }
        }
        return new ApiException(ErrorCode.INTERNAL_ERROR, "Internal error; see the server log", failure);
    }

    /** Why JSON could not become a request: names the field where that is known. */
    public static ApiException malformed(JsonProcessingException e) {
        if (e instanceof ValueInstantiationException instantiation
                && instantiation.getCause() instanceof ApiException refused) {
            return refused;
        }
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            StringBuilder field = new StringBuilder();
            for (JsonMappingException.Reference step : mapping.getPath()) {
                if (step.getFieldName() == null) {
                    field.append('[').append(step.getIndex()).append(']');
                } else {
                    field.append(field.isEmpty() ? "" : ".").append(step.getFieldName());
                }
            }
            return new ApiException(
                    ErrorCode.INVALID_PARAMETER_VALUE, "Field " + field + " has a value of a wrong kind");
        }
        return new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is not valid JSON");
    }

    private static boolean isOutage(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53"));
    }

    private static java.util.Optional<String> retryAfter(ApiException failure) {
        for (Map<String, Object> detail : failure.details()) {
            if (detail.get("retry_after_seconds") instanceof Number seconds) {
                return java.util.Optional.of(Long.toString(seconds.longValue()));
            }
        }
        return failure.code() == ErrorCode.TEMPORARILY_UNAVAILABLE
                ? java.util.Optional.of("1")
                : java.util.Optional.empty();
    }
}
