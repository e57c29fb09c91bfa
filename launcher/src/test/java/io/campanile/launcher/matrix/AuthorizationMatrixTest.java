package io.campanile.launcher.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may do what, on every public route; and that this test would notice if a rule were switched off. With
 * {@code -Dcampanile.matrix.seed=<number>} one mutant, chosen by that number, meets the whole table instead of the rows
 * that it is about.
 */
final class AuthorizationMatrixTest {
    @TempDir
    static Path dataDir;

    private static Platform platform;
    private static Wire wire;
    private static Tenants.Operator operator;
    private static List<Routes.Route> dump;
    private static TenantRows rows;
    private static final List<Row> TABLE = Routes.table();

    @BeforeAll
    static void start() throws Exception {
        platform = new Platform(dataDir);
        wire = new Wire(platform.vertx(), platform.port("gateway"));
        operator = Tenants.operator(platform);
        dump = Routes.dump(wire, operator.token());
        rows = new TenantRows(platform.database());
    }

    @AfterAll
    static void stop() throws Exception {
        rows.close();
        wire.close();
        platform.close();
    }

    @Test
    void everyPublicRouteHasARowAndEveryRowARoute() {
        Set<String> routes = dump.stream()
                .filter(Routes.Route::reachable)
                .map(route -> route.name() + " " + route.action())
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> named = TABLE.stream()
                .map(row -> row.route() + " " + row.action())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).as("rows of matrix/routes.tsv, by route and action").isEqualTo(routes);
    }

    @Test
    void everybodyIsAnsweredAsTheTableSays() throws Exception {
        long began = System.nanoTime();
        Tenants tenants = new Tenants(platform, wire, operator);
        Things things = new Things(tenants);
        tenants.letTokensExpire();
        long seeded = System.nanoTime();
        Matrix matrix = matrix(tenants, things, true);
        BackDoors backDoors = new BackDoors(platform, tenants, true);

        List<Fault> faults = new ArrayList<>(matrix.run(TABLE, row -> true));
        faults.forEach(fault -> System.out.println("  " + fault));
        long called = System.nanoTime();
        faults.addAll(backDoors.run(dump, route -> true));
        Map<String, Fault> unknown = Denials.missing(platform, matrix.refused());
        faults.addAll(unknown.values());

        System.out.printf(
                "Authorization matrix: %d public routes, %d rows, %d calls in %d s (seeded in %d ms); after %d of them"
                        + " the rows in %d tables and the files of A were compared; %d calls past the gateway;"
                        + " %d of %d refusals in the audit log; %d faults%n",
                dump.stream().filter(Routes.Route::reachable).count(),
                TABLE.size(),
                matrix.calls(),
                (called - seeded) / 1_000_000_000,
                (seeded - began) / 1_000_000,
                matrix.denied(),
                rows.tables(),
                backDoors.calls(),
                matrix.refused().size() - unknown.size(),
                matrix.refused().size(),
                faults.size());
        matrix.times()
                .forEach((who, times) ->
                        System.out.printf("  refused as %s: median %d us%n", who.column(), Matrix.median(times)));
        assertThat(faults).isEmpty();
    }

    @Test
    void everyRuleThatIsSwitchedOffIsNoticed() throws Exception {
        long began = System.nanoTime();
        Instrumentation instrumentation = ByteBuddyAgent.install();
        List<String> alive = new ArrayList<>();
        List<Mutant> mutants = chosen();
        int calls = 0;
        for (Mutant mutant : mutants) {
            Tried tried = mutant.off(instrumentation, () -> tried(mutant));
            Fault noticed = tried.noticed();
            calls += tried.calls();
            System.out.printf("  off: %s: %s%n", mutant.rule(), noticed == null ? "NOT NOTICED" : noticed);
            if (noticed == null) {
                alive.add(mutant.rule());
            }
        }

        System.out.printf(
                "%d mutants, %d killed, %d calls in %d s%n",
                mutants.size(), mutants.size() - alive.size(), calls, (System.nanoTime() - began) / 1_000_000_000);
        assertThat(alive)
                .as("rules that can be switched off without a test failing")
                .isEmpty();
    }

    private record Tried(@Nullable Fault noticed, int calls) {}

    /** In tenants of its own, made while the rule is off: what slips through may change them. */
    private static Tried tried(Mutant mutant) throws Exception {
        Bodies.tenantA = 0;
        Tenants tenants = new Tenants(platform, wire, operator);
        Things things = new Things(tenants);
        tenants.letTokensExpire();
        Bodies.tenantA = tenants.workspaceId();
        Bodies.ownerOfA = Long.parseLong(tenants.value("owner.id"));
        Matrix matrix = matrix(tenants, things, false);
        return new Tried(noticed(tenants, matrix, seed() == null ? mutant.affected() : row -> true), matrix.calls());
    }

    /** The first thing that is not as it should be. */
    private static @Nullable Fault noticed(Tenants tenants, Matrix matrix, Predicate<Row> wanted) throws Exception {
        List<Fault> faults = new ArrayList<>(matrix.run(TABLE, wanted));
        if (faults.stream().noneMatch(Fault::isOfRules)) {
            Set<String> paths = TABLE.stream().filter(wanted).map(Row::path).collect(Collectors.toSet());
            faults.addAll(new BackDoors(platform, tenants, false)
                    .run(
                            dump,
                            route ->
                                    paths.contains(route.path()) || route.path().startsWith("/internal/")));
        }
        if (faults.stream().noneMatch(Fault::isOfRules)) {
            faults.addAll(Denials.missing(platform, matrix.refused()).values());
        }
        return faults.stream().filter(Fault::isOfRules).findFirst().orElse(null);
    }

    private static List<Mutant> chosen() {
        Long seed = seed();
        List<Mutant> all = Mutants.all();
        return seed == null ? all : List.of(all.get(new Random(seed).nextInt(all.size())));
    }

    private static @Nullable Long seed() {
        return Long.getLong("campanile.matrix.seed");
    }

    private static Matrix matrix(Tenants tenants, Things things, boolean patient) {
        return new Matrix(tenants, things, new TenantState(rows, dataDir, tenants.workspaceId()), dump, patient);
    }
}
