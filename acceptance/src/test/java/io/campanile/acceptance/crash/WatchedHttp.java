package io.campanile.acceptance.crash;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.commons.CommonsHttpClient;
import com.databricks.sdk.core.http.HttpClient;
import com.databricks.sdk.core.http.Request;
import com.databricks.sdk.core.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The SDK's own HTTP client, watched: the SDK asks again by itself, so only here is seen how often a request left and
 * whether an answer was one that no client may get, even while something is dying.
 */
final class WatchedHttp implements HttpClient {
    private static final Set<Integer> ALLOWED = Set.of(429, 502, 503, 504);

    private final CommonsHttpClient http =
            new CommonsHttpClient.Builder().withTimeoutSeconds(60).build();
    private final AtomicInteger sent = new AtomicInteger();
    private final List<String> wrong = new CopyOnWriteArrayList<>();

    @Override
    public Response execute(Request request) throws IOException {
        sent.incrementAndGet();
        Response answer = http.execute(request);
        int status = answer.getStatusCode();
        String what = request.getMethod() + " " + request.getUri().getPath() + " -> " + status;
        if (status >= 500 && !ALLOWED.contains(status)) {
            wrong.add(what);
        }
        boolean says = answer.getAllHeaders().keySet().stream().anyMatch("Retry-After"::equalsIgnoreCase);
        if (status == 503 && !says) {
            wrong.add(what + " without Retry-After");
        }
        return answer;
    }

    /** Requests that left so far. */
    int sent() {
        return sent.get();
    }

    /** Answers that no client may get. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    WorkspaceClient client(String url, String token) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost(url)
                .setToken(token)
                .setAuthType("pat")
                .setHttpClient(this));
    }
}
