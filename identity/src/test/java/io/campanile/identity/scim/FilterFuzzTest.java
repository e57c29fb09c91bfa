package io.campanile.identity.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever text comes as a filter: a condition of known columns, or a refusal that says so. Never another failure. */
final class FilterFuzzTest {
    private static final List<Attributes> ALL =
            List.of(Attributes.USERS, Attributes.GROUPS, Attributes.SERVICE_PRINCIPALS);
    private static final long MOST_BYTES = 16L * 1024 * 1024;
    private static final String USER = """
            {"userName":"a","active":true,"name":{"givenName":"A"},"displayName":"A",
             "emails":[{"value":"a","type":"work","primary":true}],"entitlements":[{"value":"workspace-access"}]}
            """;

    @DictionaryEntries({
        "userName",
        "emails",
        "members",
        "active",
        "groups.display",
        " eq ",
        " co ",
        " pr",
        " and ",
        " or ",
        "not (",
        "[",
        "]",
        ")",
        "\"'",
        "\\",
        "\\u00",
        "true",
        "null",
        "1e9",
        "urn:ietf:params:scim:"
    })
    @FuzzTest
    void filters(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        for (Attributes attributes : ALL) {
            try {
                Clause clause = new FilterSql(attributes, AccountWire.USER).of(text);

                assertThat(clause.sql().chars().filter(c -> c == '?').count())
                        .isEqualTo(clause.binds().size());
            } catch (ApiException refused) {
                assertRefusal(refused, "invalidFilter");
            }
        }
        assertBound("\u00a7" + text);
    }

    @DictionaryEntries({
        "{\"Operations\":[",
        "\"op\":\"add\"\"op\":\"remove\"\"path\":\"\"value\":",
        "emails[type eq \\\"work\\\"]",
        ".value",
        "name.givenName",
        "entitlements"
    })
    @FuzzTest
    void patches(byte[] input) throws IOException {
        ObjectNode resource = (ObjectNode) Json.MAPPER.readTree(USER);
        try {
            if (Json.MAPPER.readTree(new String(input, StandardCharsets.UTF_8)) instanceof ObjectNode request) {
                AccountWire.patches(PrincipalKind.USER).apply(resource, request);
                AccountWire.read(PrincipalKind.USER, resource);
            }
        } catch (ApiException refused) {
            assertRefusal(refused, "");
        } catch (JsonProcessingException e) {
            // Refused before it is anybody's request.
            assertThat(e.getOriginalMessage()).isNotBlank();
        }
    }

    /** What a caller wrote is never part of the SQL. */
    private static void assertBound(String value) {
        String quoted = Json.write(value);
        try {
            Clause clause = new FilterSql(Attributes.USERS, AccountWire.USER).of("displayName co " + quoted);

            assertThat(clause.sql()).isEqualTo("position(lower(cast(? as text)) in lower(r.display_name)) > 0");
            assertThat(clause.binds()).containsExactly(value);
        } catch (ApiException refused) {
            assertThat(quoted.length()).isGreaterThan(8_000);
        }
    }

    @Test
    void depthCostsNothing() {
        for (String opening : List.of("(", "not (", "emails[", "userName pr and (", "[", "\\", "((", "not ")) {
            for (String closing : List.of(")", "]", "", " or userName pr)")) {
                String deep = opening.repeat(10_000) + "userName eq \"a\"" + closing.repeat(10_000);
                long before = allocated();

                assertThatThrownBy(() -> new FilterSql(Attributes.USERS, AccountWire.USER).of(deep))
                        .isInstanceOf(ApiException.class)
                        .hasMessageContaining("filter is not valid");
                assertThat(allocated() - before).isLessThan(MOST_BYTES);
            }
        }
    }

    private static void assertRefusal(ApiException refused, String type) {
        assertThat(refused.code().httpStatus()).isBetween(400, 499);
        assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(2_000);
        assertThat(String.valueOf(refused.details())).contains(type);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
