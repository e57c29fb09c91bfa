package io.campanile.notebooks.compute;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.InternalClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The real ClusterClient: cluster-manager's internal routes. */
public final class HttpClusterClient implements ClusterClient {
    private static final String SELF = "notebook-service";
    private static final Pattern CLUSTER_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final InternalClient http;

    public HttpClusterClient(InternalClient http) {
        this.http = requireNonNull(http, "http");
    }

    @Override
    public Cluster defaultCluster(Caller person, boolean start) {
        var body = Map.of("user_id", person.userId(), "user_name", person.userName(), "start", start);
        return http.post(person.via(SELF), "/internal/clusters/default", body, Cluster.class);
    }

    @Override
    public Cluster ensureRunning(Caller person, String clusterId) {
        return http.post(person.via(SELF), path(clusterId) + "/ensure-running", Map.of(), Cluster.class);
    }

    @Override
    public Cluster get(Caller person, String clusterId) {
        return http.get(person.via(SELF), path(clusterId), Cluster.class);
    }

    @Override
    public void stop(Caller person, String clusterId) {
        // The public route, in the person's name: the owner rule of cluster-manager applies as it does to the API.
        http.post(person.via(SELF), "/api/2.1/clusters/delete", Map.of("cluster_id", clusterId), Map.class);
    }

    @Override
    public Changes changes(long since, Duration wait) {
        Caller nobody = Caller.service(SELF, 0, UUID.randomUUID().toString());
        Answer answer = http.poll(
                nobody, "/internal/clusters/changes?since=" + since + "&wait=" + wait.toMillis(), Answer.class, wait);
        return new Changes(answer.next(), answer.clusters() == null ? List.of() : List.copyOf(answer.clusters()));
    }

    /** People name clusters here: what is no id, such as two dots, must not name another route. */
    private static String path(String clusterId) {
        if (!CLUSTER_ID.matcher(clusterId).matches()) {
            throw ApiException.notFound("Cluster " + clusterId + " does not exist");
        }
        return "/internal/clusters/" + clusterId;
    }

    record Answer(long next, @Nullable List<Cluster> clusters) {}
}
