package io.campanile.notebooks.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.CommitListener;
import io.campanile.notebooks.documents.JsonAnswer;
import io.campanile.notebooks.documents.NotebookKey;
import io.campanile.notebooks.documents.OpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Who has which notebook open, and what they are told. */
public final class Channels implements Broadcaster, CommitListener {
    private final Map<NotebookKey, List<TabSubscription>> tabs = new ConcurrentHashMap<>();

    /** The name of a notebook's channel. */
    static String name(long notebookId) {
        return "nb:" + notebookId;
    }

    @Override
    public void toNotebook(long workspaceId, long notebookId, ObjectNode frame) {
        publish(new NotebookKey(workspaceId, notebookId), frame, Delivery.ALWAYS);
    }

    @Override
    public void toPerson(long workspaceId, long notebookId, long userId, ObjectNode frame) {
        publish(
                new NotebookKey(workspaceId, notebookId),
                frame,
                Delivery.ALWAYS,
                tab -> tab.caller().userId() == userId);
    }

    @Override
    public boolean watched(long workspaceId, long notebookId) {
        return tabs.containsKey(new NotebookKey(workspaceId, notebookId));
    }

    @Override
    public void committed(long workspaceId, long notebookId, List<OpEvent> events) {
        NotebookKey key = new NotebookKey(workspaceId, notebookId);
        if (tabs.containsKey(key)) {
            events.forEach(event -> publish(key, event.json().put("t", "op"), event.rev()));
        }
    }

    /** The tabs come back, each with the last revision it has seen, and are told what there is. */
    @Override
    public void doubted(long workspaceId, long notebookId) {
        watching(new NotebookKey(workspaceId, notebookId)).forEach(TabSubscription::comeBack);
    }

    @Override
    public void deleted(long workspaceId, long notebookId) {
        NotebookKey key = new NotebookKey(workspaceId, notebookId);
        for (TabSubscription tab : watching(key)) {
            tab.end("This notebook was deleted");
        }
    }

    /** From now on the tab hears of everything; until it is live it keeps what it hears. */
    void join(TabSubscription tab) {
        tabs.compute(tab.key(), (key, there) -> {
            List<TabSubscription> all = there == null ? new ArrayList<>() : new ArrayList<>(there);
            if (!all.contains(tab)) {
                all.add(tab);
            }
            return List.copyOf(all);
        });
    }

    void leave(TabSubscription tab) {
        tabs.computeIfPresent(tab.key(), (key, there) -> {
            List<TabSubscription> all = new ArrayList<>(there);
            all.remove(tab);
            return all.isEmpty() ? null : List.copyOf(all);
        });
        presence(tab.key());
    }

    /** Tells everybody who is there. */
    void presence(NotebookKey key) {
        Map<Long, String> people = new TreeMap<>();
        watching(key)
                .forEach(tab -> people.put(tab.caller().userId(), tab.caller().userName()));
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "presence");
        ArrayNode users = frame.putArray("users");
        people.forEach((id, name) -> users.addObject().put("user_id", id).put("user_name", name));
        publish(key, frame, Delivery.ALWAYS);
    }

    List<TabSubscription> everybody() {
        return tabs.values().stream().flatMap(List::stream).toList();
    }

    private List<TabSubscription> watching(NotebookKey key) {
        return tabs.getOrDefault(key, List.of());
    }

    /** Encoded once for all tabs, handed over under the map's lock of this notebook, so that all tabs see one order. */
    private void publish(NotebookKey key, ObjectNode frame, long revision) {
        publish(key, frame, revision, tab -> true);
    }

    private void publish(NotebookKey key, ObjectNode frame, long revision, Predicate<TabSubscription> audience) {
        if (!tabs.containsKey(key)) {
            return;
        }
        ObjectNode named = Json.MAPPER.createObjectNode().put("ch", name(key.notebookId()));
        named.setAll(frame);
        Delivery delivery = new Delivery(JsonAnswer.text(named), revision);
        tabs.computeIfPresent(key, (same, there) -> {
            there.stream().filter(audience).forEach(tab -> tab.deliver(delivery));
            return there;
        });
    }
}
