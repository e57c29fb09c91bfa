package io.campanile.launcher.matrix;

import io.campanile.common.http.Access;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Calls the cells of the table in one pair of tenants and says which are wrong. */
final class Matrix {
    private static final Set<String> SAFE = Set.of("GET", "HEAD");
    /** Open to every token, whatever it is limited to. */
    private static final Set<String> ALWAYS = Set.of("identity.me.read");

    private static final Duration AFTER_FRAMES = Duration.ofMillis(300);

    private final Tenants tenants;
    private final Things things;
    private final TenantState state;
    private final Requests requests;
    private final Map<String, Routes.Route> routes = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Fault> refused = new LinkedHashMap<>();
    private final Map<Identity, List<Long>> times = new HashMap<>();
    private final boolean patient;
    private int calls;
    private int denied;
    private Map<String, String> before = Map.of();

    /** {@code patient}: goes on after a fault, to tell them all. */
    Matrix(Tenants tenants, Things things, TenantState state, List<Routes.Route> dump, boolean patient) {
        this.tenants = tenants;
        this.things = things;
        this.state = state;
        this.requests = new Requests(tenants, things);
        this.patient = patient;
        dump.stream().filter(Routes.Route::reachable).forEach(route -> routes.put(route.name(), route));
    }

    int calls() {
        return calls;
    }

    int denied() {
        return denied;
    }

    /** Every refusal (403) of somebody of A by a service, by its request id. */
    Map<String, Fault> refused() {
        return refused;
    }

    /** Nanoseconds of refusals, by identity. */
    Map<Identity, List<Long>> times() {
        return times;
    }

    /** Calls the rows; without patience, up to the first that is wrong. */
    List<Fault> run(List<Row> rows, Predicate<Row> wanted) {
        for (Row row : rows) {
            if (wanted.test(row)) {
                try {
                    run(row);
                } catch (RuntimeException e) {
                    faults.add(Fault.unasked(row.toString(), e));
                }
                if (!patient && faults.stream().anyMatch(Fault::isOfRules)) {
                    break;
                }
            }
        }
        return faults;
    }

    private void run(Row row) {
        Routes.Route route = route(row);
        if (route.socket()) {
            things.value("run");
        }
        // Refusals first: whatever the others do, they are refused for what they are and not for what was left.
        Requests.Words words = requests.words();
        Wire.Call call = requests.call(row, words);
        before = settled(row);
        for (Identity who : Identity.values()) {
            Integer expected = row.statuses().get(who);
            if (expected != null && expected >= 400) {
                refused(row, who, expected, call, words);
            }
        }
        if (route.access() != Access.OPEN && row.statuses().containsKey(Identity.OWNER)) {
            elsewhere(row, route, call);
        }
        for (Identity who : Identity.values()) {
            Integer expected = row.statuses().get(who);
            if (expected != null && expected < 400) {
                allowed(row, who, expected);
            }
        }
    }

    private Routes.Route route(Row row) {
        Routes.Route route = routes.get(row.route());
        if (route == null) {
            throw new IllegalStateException("No such route: " + row);
        }
        return route;
    }

    private void refused(Row row, Identity who, int expected, Wire.Call call, Requests.Words words) {
        Answer answer = send(row, requests.as(who, row, call));
        // Who may read is told what is in the notebook, whatever else is refused on its channel.
        boolean reads = route(row).socket() && who.inside();
        judge(row, who.column(), expected, reads ? answer.unread() : answer, true);
        times.computeIfAbsent(who, first -> new ArrayList<>()).add(answer.nanos());
        // The gateway tells of its own once a minute.
        boolean kept = !route(row).service().equals("gateway");
        if (kept && answer.status() == 403 && (who.inside() || who == Identity.OTHER)) {
            refused.put(answer.requestId(), new Fault(row.toString(), who.column(), "is not in the audit log"));
        }
        if (who == Identity.OTHER && !row.method().equals("HEAD")) {
            apart(row, answer, words);
        }
    }

    /** What is another tenant's and what is nobody's: the same words. */
    private void apart(Row row, Answer others, Requests.Words words) {
        Requests.Words nobodys = requests.nobodys(words);
        Wire.Call call = requests.call(row, nobodys);
        if (!nobodys.namesSomething()) {
            return;
        }
        Answer answer = send(row, requests.as(Identity.OTHER, row, call));
        String theirs = words.unsaid(others.body()).replace(others.requestId(), "");
        String nothing = nobodys.unsaid(answer.body()).replace(answer.requestId(), "");
        if (others.status() != answer.status() || !theirs.equals(nothing)) {
            fault(row, Identity.OTHER.column(), "can tell " + theirs + " from what does not exist: " + nothing);
        }
    }

    private Map<String, String> settled(Row row) {
        return state.settled(route(row).socket() ? AFTER_FRAMES : Duration.ZERO);
    }

    private void allowed(Row row, Identity who, int expected) {
        Wire.Call call = requests.as(who, row, requests.call(row, requests.words()));
        boolean inside = who.inside() || route(row).access() == Access.OPEN;
        if (!inside && who != Identity.ACCOUNT) {
            before = settled(row);
        }
        Answer answer = send(row, call);
        judge(row, who.column(), expected, answer, !inside && who != Identity.ACCOUNT);
    }

    /** What the table need not say, because it is so everywhere. */
    private void elsewhere(Row row, Routes.Route route, Wire.Call call) {
        if (row.body() != null && route.socket()) {
            return;
        }
        Wire.Call others = tenants.authorized(Identity.OTHER, call);
        judge(row, "other at A's host", 401, send(row, others.named(tenants.value("host"))), true);
        judge(row, "other with ?o=", 401, send(row, others.query("o=" + tenants.value("workspace"))), true);
        judge(
                row,
                "other with the header",
                401,
                send(row, others.with("X-Databricks-Workspace-Id", tenants.value("workspace"))),
                true);
        if (!ALWAYS.contains(route.action())) {
            judge(row, "owner with a narrow token", 403, send(row, tenants.narrow(call)), true);
        }
        judge(row, "owner from outside", 403, send(row, tenants.outside(call)), true);
        if (!SAFE.contains(row.method()) || route.socket()) {
            Wire.Call page = call.with("Cookie", tenants.cookie()).with("Origin", "http://evil.example");
            judge(row, "a page elsewhere", 403, send(row, page), true);
        }
    }

    private Answer send(Row row, Wire.Call call) {
        calls++;
        if (!route(row).socket()) {
            return tenants.wire().send(call);
        }
        @Nullable String frame = call.body();
        Wire.Call upgrade = new Wire.Call("GET", call.uri(), null, call.headers(), 0, call.host(), call.outside());
        if (frame == null) {
            return tenants.wire().knock(upgrade);
        }
        String channel = new Answer(0, frame, "", 0).json().path("ch").asText();
        String question = "{\"ch\": \"" + channel + "\", \"t\": \"fetch\", \"run_id\": " + things.value("run")
                + ", \"after\": 0}";
        return tenants.wire().frame(upgrade, channel, frame, question);
    }

    /** {@code outsider}: nothing of A may have changed, and nothing of A may be told. */
    private void judge(Row row, String who, int expected, Answer answer, boolean outsider) {
        if (answer.status() != expected) {
            fault(row, who, "expected " + expected + ", was " + answer.status() + " " + shortened(answer.body()));
        }
        if (!outsider) {
            return;
        }
        denied++;
        if (answer.body().contains(things.canary())) {
            fault(row, who, "is told what is A's: " + shortened(answer.body()));
        }
        Map<String, String> after = state.now();
        if (!after.equals(before)) {
            List<String> changed = after.keySet().stream()
                    .filter(name -> !String.valueOf(after.get(name)).equals(before.get(name)))
                    .toList();
            fault(row, who, "changed " + changed);
            before = after;
        }
    }

    private void fault(Row row, String who, String what) {
        faults.add(new Fault(row.toString(), who, what));
    }

    private static String shortened(String body) {
        return body.length() <= 300 ? body : body.substring(0, 300) + "...";
    }

    /** The median of some times, in microseconds. */
    static long median(List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2] / 1_000;
    }
}
