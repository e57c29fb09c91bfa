package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blocking JSON calls from one service to another; the other's error envelope comes back as the same ApiException. */
public final class InternalClient {
    private final ServiceDirectory directory;
    private final InternalTokens tokens;
    private final String target;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    public InternalClient(ServiceDirectory directory, InternalTokens tokens, String target) {
        this.directory = requireNonNull(directory, "directory");
        this.tokens = requireNonNull(tokens, "tokens");
        this.target = requireNonNull(target, "target");
    }

    public <R> R get(Caller caller, String path, Class<R> answer) {
        return call(caller, "GET", path, null, answer, Duration.ofSeconds(15));
    }

    /** A GET that the other side may hold for {@code wait}. */
    public <R> R poll(Caller caller, String path, Class<R> answer, Duration wait) {
        return call(caller, "GET", path, null, answer, wait.plusSeconds(10));
    }

    public <R> R post(Caller caller, String path, Object body, Class<R> answer) {
        return call(caller, "POST", path, body, answer, Duration.ofSeconds(30));
    }

    public <R> R put(Caller caller, String path, Object body, Class<R> answer) {
        return call(caller, "PUT", path, body, answer, Duration.ofSeconds(60));
    }

    /** A PUT of a body that is JSON already, and may be large. */
    public <R> R put(Caller caller, String path, HttpRequest.BodyPublisher body, Class<R> answer, Duration timeout) {
        return exchange(caller, "PUT", path, body, timeout, answer);
    }

    public <R> R delete(Caller caller, String path, Class<R> answer) {
        return call(caller, "DELETE", path, null, answer, Duration.ofSeconds(30));
    }

    /** What is done with an answer while it comes. */
    @FunctionalInterface
    public interface Reading<R> {
        /** {@code length}: bytes it has, or -1 where that was not said. */
        R read(InputStream answer, long length) throws IOException;
    }

    /** A GET whose answer may be large; {@code timeout}: until it begins. */
    public <R> R read(Caller caller, String path, Duration timeout, Reading<R> reading) {
        return exchange(() -> {
            HttpRequest request = request(caller, "GET", path, HttpRequest.BodyPublishers.noBody(), timeout);
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() / 100 != 2) {
                    throw refused(response.statusCode(), body.readAllBytes());
                }
                return reading.read(
                        body,
                        response.headers().firstValueAsLong("Content-Length").orElse(-1));
            }
        });
    }

    private <R> R call(
            Caller caller, String method, String path, @Nullable Object body, Class<R> answer, Duration timeout) {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(Json.write(body));
        return exchange(caller, method, path, publisher, timeout, answer);
    }

    private <R> R exchange(
            Caller caller,
            String method,
            String path,
            HttpRequest.BodyPublisher publisher,
            Duration timeout,
            Class<R> answer) {
        return exchange(() -> {
            HttpResponse<byte[]> response = http.send(
                    request(caller, method, path, publisher, timeout), HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw refused(response.statusCode(), response.body());
            }
            byte[] body = response.body();
            return Json.MAPPER.readValue(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body, answer);
        });
    }

    private HttpRequest request(
            Caller caller, String method, String path, HttpRequest.BodyPublisher publisher, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(directory.url(target) + path))
                .method(method, publisher)
                .timeout(timeout)
                .header("Authorization", "Bearer " + tokens.sign(caller, target))
                .header("Content-Type", "application/json")
                .header(RequestIds.HEADER, caller.requestId())
                .build();
    }

    private interface Exchange<R> {
        R run() throws IOException, InterruptedException;
    }

    private <R> R exchange(Exchange<R> exchange) {
        try {
            return exchange.run();
        } catch (IOException e) {
            directory.refresh();
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE,
                    "The " + target + " service does not answer at the moment; try again",
                    List.of(Map.of("retry_after_seconds", 1)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The call was interrupted", e);
        }
    }

    private ApiException refused(int status, byte[] body) {
        try {
            JsonNode envelope = Json.MAPPER.readTree(body);
            String name = envelope.path("error_code").asText();
            for (ErrorCode code : ErrorCode.values()) {
                if (code.name().equals(name)) {
                    return new ApiException(code, envelope.path("message").asText());
                }
            }
        } catch (IOException notAnEnvelope) {
            return new ApiException(
                    ErrorCode.BAD_GATEWAY, "The " + target + " service gave an unreadable answer", notAnEnvelope);
        }
        return new ApiException(ErrorCode.ofStatus(status), "The " + target + " service answered " + status);
    }
}
