package io.campanile.node.agent.fake;

import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes logs as cluster-manager does, each chunk at its offset and once, and fails where it is told to. */
public final class FakeLogs {
    private static final String PATH = "/node/v1/logs/";

    private final Map<String, ByteArrayOutputStream> kept = new ConcurrentHashMap<>();
    public final List<String> credentials = new CopyOnWriteArrayList<>();
    /** Whether anything is taken; what is refused is to be sent again. */
    public volatile boolean taking = true;
    /** Whether chunks are kept whose senders never hear of it. */
    public volatile boolean losingAnswers;

    boolean answer(HttpServerRequest request) {
        if (!request.path().startsWith(PATH)) {
            return false;
        }
        credentials.add(String.valueOf(request.getHeader("Authorization")));
        String stream = request.path().substring(PATH.length());
        String offset = request.getParam("offset");
        request.body().onSuccess(body -> {
            if (!taking) {
                request.response().setStatusCode(503).end();
                return;
            }
            ByteArrayOutputStream log = kept.computeIfAbsent(stream, name -> new ByteArrayOutputStream());
            if (offset != null && Long.parseLong(offset) != log.size()) {
                request.response()
                        .setStatusCode(409)
                        .end("{\"error_code\":\"RESOURCE_CONFLICT\",\"details\":[{\"next\":" + log.size() + "}]}");
                return;
            }
            log.writeBytes(body.getBytes());
            if (losingAnswers && offset != null) {
                request.response().setStatusCode(502).end();
                return;
            }
            request.response().end("{\"next\":" + log.size() + "}");
        });
        return true;
    }

    public Set<String> streams() {
        return Set.copyOf(kept.keySet());
    }

    public String text(String stream) {
        ByteArrayOutputStream log = kept.get(stream);
        return log == null ? "" : log.toString(StandardCharsets.UTF_8);
    }
}
