package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the workspace service. Each is one that may be made again: what fails in passing is repeated until it
 * succeeds or patience ends.
 */
final class PlatformCalls {
    static final String FILES = "/node/v1/files/";
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    /** A folder of many objects takes its time. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final long FIRST_WAIT = 100;
    private static final long LAST_WAIT = 3_000;

    private final FilesAccess access;
    private final Duration patience;

    PlatformCalls(FilesAccess access, Duration patience) {
        this.access = requireNonNull(access, "access");
        this.patience = requireNonNull(patience, "patience");
    }

    /** What is asked, of which path; {@code query} are parameters, {@code headers} names and values in turn. */
    record Question(
            String path, String method, String route, Map<String, ?> query, byte @Nullable [] body, String... headers) {
        static Question of(String path, String method, String route, Map<String, ?> query) {
            return new Question(path, method, route, query, null);
        }
    }

    /** {@code repeated}: what was asked for may have been done by an attempt whose answer was lost. */
    record Answer(byte[] body, boolean repeated) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    Answer send(Question question) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        boolean repeated = false;
        for (long ceiling = FIRST_WAIT; ; ceiling = Math.min(LAST_WAIT, ceiling * 2)) {
            try {
                return new Answer(attempt(question), repeated);
            } catch (PassingException e) {
                long wait = ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1);
                if (System.nanoTime() + Duration.ofMillis(wait).toNanos() > end) {
                    throw new IOException(
                            question.path() + ": the workspace's files cannot be reached at the moment: "
                                    + e.getMessage(),
                            e);
                }
                sleep(question.path(), wait);
                repeated = true;
            }
        }
    }

    /** Asks once: for what is not simply asked again. */
    JsonNode once(Question question) throws IOException {
        return JSON.readTree(attempt(question));
    }

    /** Waits after an attempt that brought nothing; the number of them so far, or an end of patience. */
    int pauseAfter(String path, int fruitless) throws IOException {
        if (fruitless * LAST_WAIT > patience.toMillis()) {
            throw new IOException(path + ": the workspace's files cannot be reached at the moment");
        }
        sleep(path, Math.min(LAST_WAIT, FIRST_WAIT << Math.min(fruitless, 5)));
        return fruitless + 1;
    }

    private byte[] attempt(Question question) throws IOException {
        HttpResponse<byte[]> answer;
        try {
            answer = HTTP.send(request(question), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw interrupted(question.path());
        } catch (IOException e) {
            throw new PassingException(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        }
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return answer.body();
        }
        if (isPassing(status)) {
            throw new PassingException(message(answer), null);
        }
        throw refusal(question.path(), code(answer), message(answer));
    }

    private HttpRequest request(Question question) throws IOException {
        FilesAccess.Entrance entrance = access.entrance();
        String query = question.query().entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + URLEncoder.encode(String.valueOf(parameter.getValue()), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI target = entrance.service().resolve(FILES + question.route() + (query.isEmpty() ? "" : "?" + query));
        byte[] body = question.body();
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .method(question.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + entrance.token());
        if (question.headers().length > 0) {
            request.headers(question.headers());
        }
        return request.build();
    }

    /** The service is away, busy or failing, the token is about to be renewed, or somebody else is in the way. */
    private static boolean isPassing(int status) {
        return status == 401 || status == 408 || status == 409 || status == 429 || status >= 500;
    }

    private static IOException refusal(String path, String code, String message) {
        return switch (code) {
            case "RESOURCE_DOES_NOT_EXIST" -> new NoSuchFileException(path, null, message);
            case "RESOURCE_ALREADY_EXISTS" -> new FileAlreadyExistsException(path, null, message);
            case "DIRECTORY_NOT_EMPTY" -> new DirectoryNotEmptyException(path);
            case "PERMISSION_DENIED" -> new AccessDeniedException(path, null, message);
            case "PRECONDITION_FAILED" -> new IOException(path + " was replaced while it was being read");
            default -> new IOException(path + ": " + message);
        };
    }

    private static String code(HttpResponse<byte[]> answer) {
        return body(answer).path("error_code").asText("");
    }

    private static String message(HttpResponse<byte[]> answer) {
        return body(answer).path("message").asText("the workspace service answered " + answer.statusCode());
    }

    private static JsonNode body(HttpResponse<byte[]> answer) {
        try {
            JsonNode read = JSON.readTree(answer.body());
            return read == null ? JSON.createObjectNode() : read;
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static void sleep(String path, long millis) throws InterruptedIOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(path);
        }
    }

    private static InterruptedIOException interrupted(String path) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(path + ": interrupted while the workspace service was asked");
    }

    /** It may well succeed later. */
    static final class PassingException extends IOException {
        private static final long serialVersionUID = 1L;

        PassingException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
