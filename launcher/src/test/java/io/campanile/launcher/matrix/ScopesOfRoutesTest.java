package io.campanile.launcher.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Scopes;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every public action is one that some scope opens, or is known to need a token for everything. */
final class ScopesOfRoutesTest {
    /** What makes credentials without scopes, and what is about the whole installation. */
    private static final Set<String> EVERYTHING = Set.of(
            "identity.client-secret.create",
            "identity.password.reset",
            "keys.data.rotate",
            "keys.master.rotate",
            "metrics.read",
            "routes.read");

    @Test
    void whatNoScopeOpensIsNamed() {
        Set<String> closed = Routes.table().stream()
                .map(Row::action)
                .filter(action -> !action.startsWith("gateway.") && !action.startsWith("health."))
                .filter(action -> Arrays.stream(Scopes.known().split(", "))
                        .filter(scope -> !scope.equals(Scopes.ALL))
                        .noneMatch(scope -> Scopes.allow(Set.of(scope), action)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(closed).isEqualTo(EVERYTHING);
    }
}
