package io.campanile.gateway.upstream;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.RequestIds;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small JSON questions of the gateway itself to a service, without blocking. */
public final class ServiceCalls {
    private static final long IDLE_MILLIS = 15_000;

    private final Upstreams upstreams;
    private final InternalTokens tokens;

    public ServiceCalls(Upstreams upstreams, InternalTokens tokens) {
        this.upstreams = requireNonNull(upstreams, "upstreams");
        this.tokens = requireNonNull(tokens, "tokens");
    }

    public Future<JsonNode> get(String service, String path, String requestId) {
        return call(HttpMethod.GET, service, path, Buffer.buffer(), requestId);
    }

    public Future<JsonNode> post(String service, String path, Object body, String requestId) {
        return call(HttpMethod.POST, service, path, Buffer.buffer(Json.write(body)), requestId);
    }

    private Future<JsonNode> call(HttpMethod method, String service, String path, Buffer body, String requestId) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setURI(path)
                .setIdleTimeout(IDLE_MILLIS)
                .putHeader("Authorization", "Bearer " + tokens.sign(Caller.service("gateway", 0, requestId), service))
                .putHeader("Content-Type", "application/json")
                .putHeader(RequestIds.HEADER, requestId);
        return upstreams
                .request(service, options)
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(bytes -> read(service, response.statusCode(), bytes)))
                .recover(failure -> Future.failedFuture(
                        failure instanceof ApiException
                                ? failure
                                : new ApiException(
                                        ErrorCode.TEMPORARILY_UNAVAILABLE,
                                        "The " + service + " service does not answer at the moment; try again",
                                        failure)));
    }

    private static JsonNode read(String service, int status, Buffer bytes) {
        try {
            JsonNode json = Json.MAPPER.readTree(bytes.getBytes());
            if (status / 100 == 2) {
                return json;
            }
            throw envelope(status, json);
        } catch (IOException e) {
            throw new ApiException(ErrorCode.BAD_GATEWAY, "The " + service + " service gave an unreadable answer", e);
        }
    }

    /** A service's error envelope as the failure it stands for. */
    public static ApiException envelope(int status, JsonNode json) {
        String name = json.path("error_code").asText();
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseGet(() -> ErrorCode.ofStatus(status));
        return new ApiException(code, json.path("message").asText("The request was refused"), details(json), null);
    }

    private static List<Map<String, Object>> details(JsonNode json) {
        if (!json.path("details").isArray()) {
            return List.of();
        }
        try {
            return Json.MAPPER
                    .readerFor(new TypeReference<List<Map<String, Object>>>() {})
                    .readValue(json.path("details"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
