package io.campanile.notebooks.compute;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest state this service has heard of every cluster. A cache only: after a restart the feed fills it again.
 * Questions to cluster-manager run on threads of their own, at most one of a kind at a time, so that a cluster-manager
 * that hangs holds up nobody's queue.
 */
public final class ClusterDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDirectory.class);

    private final ClusterClient client;
    private final Map<String, Cluster> clusters = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Set<String> missed = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Cluster>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService calls;

    public ClusterDirectory(ClusterClient client) {
        this.client = requireNonNull(client, "client");
        this.calls = Executors.newFixedThreadPool(4, work -> {
            Thread thread = new Thread(work, "cluster-calls");
            thread.setDaemon(true);
            return thread;
        });
    }

    public ClusterClient client() {
        return client;
    }

    /** Called with every news, on the thread that brought it; called again later when it fails. */
    public void onChange(Consumer<Cluster> listener) {
        listeners.add(requireNonNull(listener, "listener"));
    }

    public Optional<Cluster> find(long workspaceId, String clusterId) {
        Cluster known = clusters.get(clusterId);
        return known == null || known.workspaceId() != workspaceId ? Optional.empty() : Optional.of(known);
    }

    /** Takes news in, whichever way they came; older ones are dropped. */
    public void learn(Cluster news) {
        Cluster[] kept = new Cluster[1];
        clusters.compute(news.clusterId(), (id, known) -> {
            boolean fresh = known == null || (known.isOlderThan(news) && !known.equals(news));
            kept[0] = fresh ? news : null;
            return fresh || known == null ? news : known;
        });
        if (kept[0] != null) {
            announce(news);
        }
    }

    /** Tells the listeners again what they could not take in, as when the database was away. */
    public void announceMissed() {
        for (String id : List.copyOf(missed)) {
            Cluster cluster = clusters.get(id);
            if (missed.remove(id) && cluster != null) {
                announce(cluster);
            }
        }
    }

    private void announce(Cluster news) {
        for (Consumer<Cluster> listener : listeners) {
            try {
                listener.accept(news);
            } catch (RuntimeException e) {
                missed.add(news.clusterId());
                LOG.atWarn()
                        .addKeyValue("clusterId", news.clusterId())
                        .setCause(e)
                        .log("News of a cluster could not be taken in; it will be tried again");
            }
        }
    }

    /** Asks for the cluster's state without waiting; the answer arrives as news or at {@code refused}. */
    public void refresh(Caller person, String clusterId, Consumer<ApiException> refused) {
        ask("get " + clusterId, () -> client.get(person, clusterId), cluster -> {}, refused);
    }

    /** Asks cluster-manager something once at a time per {@code key}; the cluster it answers is learned first. */
    public void ask(
            String key, Supplier<Cluster> question, Consumer<Cluster> answered, Consumer<ApiException> refused) {
        if (!asked.add(key)) {
            return;
        }
        try {
            calls.execute(() -> {
                try {
                    Cluster answer = question.get();
                    learn(answer);
                    answered.accept(answer);
                } catch (ApiException e) {
                    refused.accept(e);
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("A question to cluster-manager failed");
                } finally {
                    asked.remove(key);
                }
            });
        } catch (RejectedExecutionException closed) {
            asked.remove(key);
            LOG.atDebug().log("Not asking cluster-manager any more: closing");
        }
    }

    @Override
    public void close() {
        calls.shutdownNow();
    }
}
