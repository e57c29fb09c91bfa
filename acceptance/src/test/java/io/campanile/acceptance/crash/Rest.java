package io.campanile.acceptance.crash;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import java.util.concurrent.Callable;

/** Calls through databricks-sdk-java that are made until they are answered; for one thread. */
final class Rest {
    private final WatchedHttp http = new WatchedHttp();
    private final WorkspaceClient sdk;
    private final Patience patience;
    private int repeated;

    Rest(String url, String token, Patience patience) {
        this.sdk = http.client(url, token);
        this.patience = patience;
    }

    WorkspaceClient sdk() {
        return sdk;
    }

    /** Requests that were sent more than once: each of the earlier ones may have been carried out unseen. */
    int repeated() {
        return repeated;
    }

    <T> T call(String what, Callable<T> call) throws Exception {
        int before = http.sent();
        T answer = patience.until(what, again -> call.call());
        repeated += http.sent() - before - 1;
        if (!http.wrong().isEmpty()) {
            throw new AssertionError("Answers that no client may get: " + http.wrong());
        }
        return answer;
    }

    /** Like {@link #call}; the error {@code done} means that an earlier attempt was carried out, if there was one. */
    void change(String what, String done, Runnable call) throws Exception {
        int before = http.sent();
        call(what, () -> {
            try {
                call.run();
            } catch (DatabricksError e) {
                if (http.sent() - before == 1 || !done.equals(e.getErrorCode())) {
                    throw e;
                }
            }
            return what;
        });
    }
}
