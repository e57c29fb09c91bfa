package io.campanile.cli.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Sends requests to one server; what comes back is an answer or a failure to show. */
public final class ApiClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(5);
    private static final int LONGEST_ERROR = 64 * 1024;

    private final Host host;
    private final Credentials credentials;
    private final Retries retries;
    private final Wiretap tap;
    private final HttpClient http;

    public ApiClient(Host host, Credentials credentials, Retries retries, Wiretap tap) {
        this(host, credentials, retries, tap, client(host));
    }

    private static HttpClient client(Host host) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (host.address().startsWith("http://")) {
            client.sslContext(trustingNobody());
        }
        return client.build();
    }

    /** Reading the certificates of all authorities takes longer than the request for which none is needed. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has TLS", e);
        }
    }

    private ApiClient(Host host, Credentials credentials, Retries retries, Wiretap tap, HttpClient http) {
        this.host = requireNonNull(host, "host");
        this.credentials = requireNonNull(credentials, "credentials");
        this.retries = requireNonNull(retries, "retries");
        this.tap = requireNonNull(tap, "tap");
        this.http = http;
    }

    /** The same server, for somebody else. */
    public ApiClient as(Credentials other) {
        return new ApiClient(host, other, retries, tap, http);
    }

    public Host host() {
        return host;
    }

    public Retries retries() {
        return retries;
    }

    public JsonNode get(String path) {
        return json(Call.get(path));
    }

    public JsonNode post(String path, JsonNode body) {
        return json(Call.json("POST", path, body));
    }

    /** The answer's JSON; an empty body is an empty object. */
    public JsonNode json(Call call) {
        HttpResponse<InputStream> answer = open(call);
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readAllBytes();
            tap.body(bytes);
            JsonNode json = bytes.length == 0 ? Json.object() : Json.MAPPER.readTree(bytes);
            return json == null || json.isMissingNode() ? Json.object() : json;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new CliFailure(
                    ExitCode.FAILURE,
                    "What " + host.url() + " answered to " + call.route() + " is not JSON; is it a Campanile server?",
                    e);
        } catch (IOException e) {
            throw unreachable(call, e);
        }
    }

    /** All pages of a list as one answer. {@code field} names the list. */
    public ObjectNode pages(Call call, String field) {
        return pages(call, field, "page_token");
    }

    /** The same where the parameter that asks for the next page has another name. */
    public ObjectNode pages(Call call, String field, String parameter) {
        ObjectNode all = Json.object();
        ArrayNode elements = all.putArray(field);
        String token = "";
        do {
            JsonNode page = json(token.isEmpty() ? call : call.query(parameter, token));
            page.path(field).forEach(elements::add);
            String next = page.path("next_page_token").asText("");
            if (!next.isEmpty() && next.equals(token)) {
                throw CliFailure.failed("The server answers the same page of " + call.route() + " again and again.");
            }
            token = next;
        } while (!token.isEmpty());
        return all;
    }

    /** An answer below 300 whose body the caller reads and closes. */
    public HttpResponse<InputStream> open(Call call) {
        HttpResponse<InputStream> answer = exchange(call, BodyHandlers.ofInputStream());
        if (answer.statusCode() < 300) {
            return answer;
        }
        byte[] body;
        try (InputStream stream = answer.body()) {
            body = stream.readNBytes(LONGEST_ERROR);
        } catch (IOException e) {
            body = new byte[0];
        }
        tap.body(body);
        throw ApiFailure.of(call, host, answer.statusCode(), body);
    }

    /** Any answer, after the tries that may help. */
    private <T> HttpResponse<T> exchange(Call call, BodyHandler<T> handler) {
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            HttpResponse<T> answer;
            try {
                answer = once(call, handler);
            } catch (IOException e) {
                if (attempt == Retries.TRIES || !mayRepeat(call, e)) {
                    throw unreachable(call, e);
                }
                again(retries.backOff(attempt), "no answer (" + reason(e) + ")");
                continue;
            }
            if (answer.statusCode() == 401 && !renewed && credentials.renew()) {
                renewed = true;
                drop(answer);
                continue;
            }
            Optional<Duration> wait = Retries.worthAnother(answer.statusCode()) && attempt < Retries.TRIES
                    ? retries.wait(attempt, answer.headers())
                    : Optional.empty();
            if (wait.isEmpty()) {
                return answer;
            }
            drop(answer);
            again(wait.get(), "the server answered " + answer.statusCode());
        }
    }

    private <T> HttpResponse<T> once(Call call, BodyHandler<T> handler) throws IOException {
        tap.asked(call, host);
        long began = System.nanoTime();
        try {
            HttpResponse<T> answer = http.send(request(call), handler);
            tap.answered(answer.statusCode(), (System.nanoTime() - began) / 1_000_000);
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host.address() + call.path()))
                .setHeader("User-Agent", "campanile-cli/0.1.0");
        if (!host.address().equals(host.url())) {
            request.setHeader("Host", host.authority());
        }
        call.headers().forEach(request::setHeader);
        credentials.sign(request);
        java.util.function.Supplier<HttpRequest.BodyPublisher> body = call.body();
        // A timeout would count the time a large upload takes.
        if (body == null || call.shown() != null) {
            request.timeout(ANSWER);
        }
        return request.method(call.method(), body == null ? HttpRequest.BodyPublishers.noBody() : body.get())
                .build();
    }

    private void again(Duration wait, String reason) {
        tap.note(reason + "; trying again in " + wait.toMillis() + " ms");
        retries.pause(wait);
    }

    /** What never reached the server may always be sent again; what may have reached it, only if that does no harm. */
    private static boolean mayRepeat(Call call, IOException e) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException || call.repeatable();
    }

    private static void drop(HttpResponse<?> answer) {
        if (answer.body() instanceof InputStream body) {
            try {
                body.close();
            } catch (IOException e) {
                // The connection is given up; the next try opens another.
                return;
            }
        }
    }

    public CliFailure unreachable(Call call, IOException e) {
        return new CliFailure(
                ExitCode.UNAVAILABLE,
                "No answer from " + host.url() + " to " + call.method() + " " + call.route() + " (" + reason(e) + ").\n"
                        + "Check the address, and that the server runs ('campanile status' on its machine).",
                e);
    }

    private static String reason(Throwable e) {
        if (e instanceof ConnectException) {
            return "connection refused or host unknown";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
