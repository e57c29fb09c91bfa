package io.campanile.node.agent.fake;

import io.campanile.node.protocol.NodeJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The workspace service of a node as far as its files go: one file, for who shows the node's token for files. */
public final class FakeBucket {
    public static final String PATH = "/in-bucket.txt";
    private static final String ROUTES = "/node/v1/files/";
    private static final byte[] CONTENT = "a line of the bucket".getBytes(StandardCharsets.UTF_8);
    private static final String TOKEN = "token-for-files";

    /** The routes that were asked for with the token. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    /** False when the request is for none of its routes. */
    boolean answer(HttpServerRequest request) {
        if (!request.path().startsWith(ROUTES)) {
            return false;
        }
        String route = request.path().substring(ROUTES.length());
        HttpServerResponse response = request.response();
        if (route.equals("token")) {
            response.end(NodeJson.write(Map.of("token", TOKEN, "expires_in", 600)));
            return true;
        }
        if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
            response.setStatusCode(403).end(NodeJson.write(Map.of("error_code", "PERMISSION_DENIED")));
            return true;
        }
        asked.add(route);
        if (!PATH.equals(request.getParam("path"))) {
            response.setStatusCode(404).end(NodeJson.write(Map.of("error_code", "RESOURCE_DOES_NOT_EXIST")));
        } else if (route.equals("content")) {
            String[] range = request.getHeader("Range").replace("bytes=", "").split("-");
            response.setStatusCode(206)
                    .end(Buffer.buffer(
                            Arrays.copyOfRange(CONTENT, Integer.parseInt(range[0]), Integer.parseInt(range[1]) + 1)));
        } else {
            response.end(NodeJson.write(Map.of(
                    "path", PATH, "is_directory", false, "size", CONTENT.length, "etag", "e", "modified_at", 1)));
        }
        return true;
    }
}
