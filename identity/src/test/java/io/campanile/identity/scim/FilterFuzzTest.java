package io.campanile.identity.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.campanile.common.http.ApiException;
import java.lang.management.ManagementFactory;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever text comes as a filter: a condition of known columns, or a refusal that says so. Never another failure. */
final class FilterFuzzTest {
    private static final List<Attributes> ALL =
            List.of(Attributes.USERS, Attributes.GROUPS, Attributes.SERVICE_PRINCIPALS);
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    @Property(tries = 20_000)
    void everyTextIsAConditionOrARefusal(@ForAll("texts") String text) {
        for (Attributes attributes : ALL) {
            try {
                Clause clause = new FilterSql(attributes, AccountWire.USER).of(text);

                assertThat(clause.sql().chars().filter(c -> c == '?').count())
                        .isEqualTo(clause.binds().size());
            } catch (ApiException e) {
                assertThat(e.details().toString()).contains("invalidFilter");
                assertThat(e.getMessage()).hasSizeLessThan(600);
            }
        }
    }

    @Property(tries = 200)
    void depthCostsNothing(@ForAll("openings") String opening, @ForAll("closings") String closing) {
        String deep = opening.repeat(10_000) + "userName eq \"a\"" + closing.repeat(10_000);
        long before = allocated();

        assertThatThrownBy(() -> new FilterSql(Attributes.USERS, AccountWire.USER).of(deep))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("filter is not valid");
        assertThat(allocated() - before).isLessThan(MOST_BYTES);
    }

    @Property(tries = 2_000)
    void whatACallerWroteIsNeverPartOfTheSql(@ForAll String value) {
        String quoted = io.campanile.common.json.Json.write("\u00a7" + value);
        try {
            Clause clause = new FilterSql(Attributes.USERS, AccountWire.USER).of("displayName co " + quoted);

            assertThat(clause.sql()).isEqualTo("position(lower(cast(? as text)) in lower(r.display_name)) > 0");
            assertThat(clause.binds()).containsExactly("\u00a7" + value);
        } catch (ApiException e) {
            assertThat(quoted.length()).isGreaterThan(8_000);
        }
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "userName",
                "emails",
                "members",
                "active",
                "groups.display",
                " ",
                "eq",
                "co",
                "pr",
                "and",
                "or",
                "not",
                "(",
                ")",
                "[",
                "]",
                "\"",
                "'",
                "\\",
                "\\u00",
                "true",
                "null",
                "1e9",
                "-",
                ".",
                ":",
                "urn:x:",
                "$ref",
                "a");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(40).map(list -> String.join("", list)),
                pieces.list().ofMaxSize(40).map(list -> String.join(" ", list)),
                Arbitraries.strings().ofMaxLength(200));
    }

    @Provide
    Arbitrary<String> openings() {
        return Arbitraries.of("(", "not (", "emails[", "userName pr and (", "[", "\\", "((", "not ");
    }

    @Provide
    Arbitrary<String> closings() {
        return Arbitraries.of(")", "]", "", " or userName pr)");
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
