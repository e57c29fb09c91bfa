package io.campanile.launcher.matrix;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Rights;
import io.campanile.common.http.Access;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every route of the dump at the service itself, past the gateway: what loopback would let somebody of this machine try.
 * And what is not public, through the gateway.
 */
final class BackDoors {
    private static final byte[] ANOTHER_KEY = "another-key-of-32-bytes-or-more--".getBytes(StandardCharsets.UTF_8);

    private final Platform platform;
    private final Tenants tenants;
    private final boolean patient;
    private final List<Fault> faults = new ArrayList<>();
    private int calls;

    BackDoors(Platform platform, Tenants tenants, boolean patient) {
        this.platform = platform;
        this.tenants = tenants;
        this.patient = patient;
    }

    int calls() {
        return calls;
    }

    List<Fault> run(List<Routes.Route> dump, Predicate<Routes.Route> wanted) {
        for (Routes.Route route : dump) {
            if (!route.service().equals("gateway") && route.access() != Access.OPEN && wanted.test(route)) {
                knock(route);
                if (!patient && !faults.isEmpty()) {
                    break;
                }
            }
        }
        return faults;
    }

    private void knock(Routes.Route route) {
        InternalTokens forger = new InternalTokens(ANOTHER_KEY, Clock.systemUTC());
        Caller person = new Caller(
                tenants.workspaceId(),
                Long.parseLong(tenants.value("owner.id")),
                tenants.value("owner.name"),
                new Rights(true, true, java.util.Set.of(), java.util.Set.of()),
                null,
                "",
                "back-door");
        Caller service = Caller.service("notebook-service", 0, "back-door");
        expect(route, "nobody", null, 401);
        expect(route, "a token for another service", platform.tokens().sign(person, "elsewhere"), 401);
        expect(route, "a token of another key", forger.sign(person.via("identity"), route.service()), 401);
        switch (route.access()) {
            case SERVICE -> expect(route, "a person", platform.tokens().sign(person, route.service()), 403);
            case NODE -> expect(route, "a person", platform.tokens().sign(person, route.service()), 401);
            case USER, OBJECT, ADMIN, ACCOUNT ->
                expect(route, "a service for nobody", platform.tokens().sign(service, route.service()), 403);
            case OPEN -> throw new IllegalStateException("not asked");
        }
        // The metrics of each service have the path of the gateway's own.
        if (!route.reachable() && !route.path().equals("/metrics")) {
            Wire.Call call = tenants.authorized(Identity.ADMIN, call(route));
            judge(route, "an administrator through the gateway", 404, call);
        }
    }

    private void expect(Routes.Route route, String who, @Nullable String token, int status) {
        Wire.Call call = call(route).at(platform.port(route.service()));
        judge(route, who, status, token == null ? call : call.with("Authorization", "Bearer " + token));
    }

    private void judge(Routes.Route route, String who, int status, Wire.Call call) {
        calls++;
        Answer answer = tenants.wire().send(call);
        if (answer.status() != status) {
            faults.add(new Fault(
                    route.service() + " " + route.name(),
                    who,
                    "expected " + status + ", was " + answer.status() + " " + answer.body()));
        }
    }

    private static Wire.Call call(Routes.Route route) {
        String uri = route.path().replaceAll(":[a-z_]+", "1").replace("*", "x");
        boolean body = !route.method().equals("GET") && !route.method().equals("HEAD");
        Wire.Call call = Wire.Call.of(route.method(), uri, body ? "{}" : null);
        return body ? call.with("Content-Type", "application/json") : call;
    }
}
