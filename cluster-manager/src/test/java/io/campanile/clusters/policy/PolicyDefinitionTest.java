package io.campanile.clusters.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a definition and what is not, and what is said of what is not. */
final class PolicyDefinitionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark_version",
                "node_type_id",
                "driver_node_type_id",
                "cluster_name",
                "cluster_type",
                "data_security_mode",
                "instance_pool_id",
                "driver_instance_pool_id",
                "single_user_name",
                "spark_conf.spark.sql.shuffle.partitions",
                "spark_conf.spark.sql.*",
                "spark_conf.*",
                "spark_env_vars.STAGE",
                "spark_env_vars.*",
                "custom_tags.team",
                "custom_tags.*",
                "init_scripts.0.workspace.destination",
                "init_scripts.*.volumes.destination",
                "init_scripts.0.s3.region",
                "init_scripts.*",
                "ssh_public_keys.*",
                "ssh_public_keys.0",
                "aws_attributes.zone_id",
                "aws_attributes.*",
                "docker_image.url",
                "cluster_log_conf.volumes.destination",
                "workload_type.clients.jobs"
            })
    void attributesAreNamedAsTheWireOfClustersNamesThem(String attribute) {
        assertThat(PolicyDefinition.of("definition", "{\"" + attribute + "\": {\"type\": \"unlimited\"}}")
                        .rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.attribute().written()).isEqualTo(attribute));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "num_workers|{\"type\":\"fixed\",\"value\":0,\"hidden\":true}",
                "num_workers|{\"type\":\"fixed\",\"value\":\"3\"}",
                "is_single_node|{\"type\":\"fixed\",\"value\":true}",
                "use_ml_runtime|{\"type\":\"fixed\",\"value\":\"false\"}",
                "instance_pool_id|{\"type\":\"forbidden\",\"hidden\":true}",
                "node_type_id|{\"type\":\"allowlist\",\"values\":[\"a\",\"b\"],\"defaultValue\":\"b\"}",
                "node_type_id|{\"type\":\"blocklist\",\"values\":[\"a\"],\"isOptional\":true}",
                "cluster_name|{\"type\":\"regex\",\"pattern\":\"team-[a-z]{1,63}\",\"defaultValue\":\"team-a\"}",
                "autoscale.max_workers|{\"type\":\"range\",\"maxValue\":25}",
                "autotermination_minutes|{\"type\":\"range\",\"minValue\":10,\"maxValue\":120,\"defaultValue\":60}",
                "spark_conf.spark.sql.shuffle.partitions|{\"type\":\"range\",\"minValue\":1}",
                "spark_conf.spark.speculation|{\"type\":\"fixed\",\"value\":true}",
                "cluster_type|{\"type\":\"fixed\",\"value\":\"job\"}",
                "custom_tags.team|{\"type\":\"unlimited\",\"defaultValue\":\"none\",\"isOptional\":true}"
            })
    void everyTypeOfRuleIsRead(String attribute, String rule) {
        assertThat(PolicyDefinition.of("definition", "{\"" + attribute + "\": " + rule + "}")
                        .rules())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "worker_count|{\"type\":\"unlimited\"}|clusters have no such attribute",
                "policy_id|{\"type\":\"forbidden\"}|clusters have no such attribute",
                "autoscale|{\"type\":\"forbidden\"}|clusters have no such attribute",
                "autoscale.workers|{\"type\":\"unlimited\"}|clusters have no such attribute",
                "init_scripts.x.workspace.destination|{\"type\":\"unlimited\"}|clusters have no such attribute",
                "node_*|{\"type\":\"forbidden\"}|clusters have no such attribute",
                "spark_conf|{\"type\":\"forbidden\"}|write spark_conf.<key>",
                "spark_conf.*.x|{\"type\":\"forbidden\"}|write spark_conf.<key>",
                "aws_attributes|{\"type\":\"forbidden\"}|write aws_attributes.<field>",
                "dbus_per_hour|{\"type\":\"range\",\"maxValue\":3}|this platform has no such unit of price",
                "num_workers|3|its rule must be an object with a type",
                "num_workers|{}|type must be one of allowlist, blocklist, fixed",
                "num_workers|{\"type\":\"limit\"}|not limit",
                "num_workers|{\"type\":\"fixed\"}|value is missing",
                "num_workers|{\"type\":\"fixed\",\"value\":\"many\"}|value must be an integer, not many",
                "num_workers|{\"type\":\"fixed\",\"value\":1.5}|value must be an integer",
                "num_workers|{\"type\":\"fixed\",\"value\":[1]}|value must be a text, a number or a truth value",
                "num_workers|{\"type\":\"fixed\",\"value\":1,\"minValue\":0}|a rule of type fixed has no field minValue",
                "num_workers|{\"type\":\"fixed\",\"value\":1,\"hidden\":\"yes\"}|hidden must be true or false",
                "num_workers|{\"type\":\"range\"}|a range needs minValue or maxValue",
                "num_workers|{\"type\":\"range\",\"minValue\":\"1\"}|minValue must be a number",
                "num_workers|{\"type\":\"range\",\"minValue\":5,\"maxValue\":4}|minValue 5 is more than maxValue 4",
                "num_workers|{\"type\":\"range\",\"maxValue\":1e400}|maxValue must be a number",
                "num_workers|{\"type\":\"regex\",\"pattern\":\"[0-9]\"}|regex is for texts",
                "is_single_node|{\"type\":\"fixed\",\"value\":\"yes\"}|value must be true or false, not yes",
                "node_type_id|{\"type\":\"range\",\"maxValue\":1}|range is for numbers",
                "node_type_id|{\"type\":\"fixed\",\"value\":7}|value must be a text, not 7",
                "node_type_id|{\"type\":\"allowlist\"}|values is missing",
                "node_type_id|{\"type\":\"allowlist\",\"values\":[]}|values must be a list of 1 to 500 values",
                "node_type_id|{\"type\":\"allowlist\",\"values\":[\"a\",{}]}|values[1] must be a text",
                "node_type_id|{\"type\":\"allowlist\",\"values\":[\"a\"],\"defaultValue\":\"b\"}|defaultValue b is not allowed",
                "node_type_id|{\"type\":\"forbidden\",\"defaultValue\":\"b\"}|forbidden has no field defaultValue",
                "cluster_name|{\"type\":\"regex\",\"pattern\":\"a(\"}|pattern is no regular expression (RE2)",
                "cluster_name|{\"type\":\"regex\",\"pattern\":\"(a)\\\\1\"}|pattern is no regular expression (RE2)",
                "cluster_name|{\"type\":\"regex\",\"pattern\":7}|pattern must be a text",
                "cluster_type|{\"type\":\"fixed\",\"value\":\"streaming\"}|value must be one of all-purpose, job",
                "cluster_type|{\"type\":\"forbidden\"}|every cluster has one",
                "custom_tags.*|{\"type\":\"unlimited\",\"defaultValue\":\"x\"}|a pattern has no defaultValue"
            })
    void whatIsWrongIsSaidWithTheAttribute(String attribute, String rule, String message) {
        refused("{\"" + attribute + "\": " + rule + "}", "Invalid definition: " + attribute + ": ", message);
    }

    @Test
    void everyWrongRuleIsNamedAtOnce() {
        refused(
                "{\"nonsense\": {\"type\": \"fixed\"}, \"num_workers\": {\"type\": \"range\"}, \"spark_version\":"
                        + " {\"type\": \"unlimited\"}}",
                "nonsense: clusters have no such attribute",
                "num_workers: a range needs");
    }

    @Test
    void whatIsNoObjectOfRulesIsRefused() {
        refused("", "definition must be a JSON object");
        refused("[]", "definition must be a JSON object");
        refused("{", "definition is not JSON");
        refused("{\"a\": 1, \"a\": 2}", "definition is not JSON: Duplicate field 'a'");
        refused("{\"cluster_name\": \"" + "x".repeat(50_000) + "\"}", "at most 50000 characters");
        refused("[".repeat(20_000), "definition is not JSON");
        String many = IntStream.range(0, 501)
                .mapToObj(i -> "\"custom_tags.t" + i + "\": {\"type\": \"unlimited\"}")
                .collect(Collectors.joining(",", "{", "}"));
        refused(many, "at most 500 rules");
    }

    @Test
    void oneSparkSettingHasOneRuleInWhateverSpelling() {
        refused(
                "{\"spark_conf.spark.sql.ansi.enabled\": {\"type\": \"fixed\", \"value\": \"true\"},"
                        + " \"spark_conf.sql.ansi.enabled\": {\"type\": \"unlimited\"}}",
                "spark_conf.sql.ansi.enabled: has a rule already, under the spelling"
                        + " spark_conf.spark.sql.ansi.enabled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000}){1000}",
                "((a{100}){100}){100}",
                "((a{2}b){200}c){200}",
                "(?:(?:x{99}){99})?{9}",
                "x{999999999}(a{999999999}){999999999}"
            })
    @Timeout(5)
    void anExpressionThatWritesOutTooMuchIsRefused(String pattern) {
        refused(
                "{\"cluster_name\": {\"type\": \"regex\", \"pattern\": \"" + pattern + "\"}}",
                "cluster_name: pattern repeats too much");
    }

    @Test
    void anExpressionTakesNoLongerThanItsTextAllows() {
        BoundedPattern evil = BoundedPattern.of("(x+x+)+y|(a|a)*b|([a-z]+)*[0-9]");
        String text = "x".repeat(500) + "a".repeat(500);
        long began = System.nanoTime();

        boolean matches = evil.matches(text);

        assertThat(matches).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void whatIsTooLongMatchesNothing() {
        assertThat(BoundedPattern.of("a*").matches("a".repeat(1_024))).isTrue();
        assertThat(BoundedPattern.of("a*").matches("a".repeat(1_025))).isFalse();
        assertThat(BoundedPattern.of("a").matches("ab")).isFalse();
    }

    @Test
    void theFamiliesAreDefinitions() {
        assertThat(PolicyFamily.all())
                .extracting(PolicyFamily::policyFamilyId)
                .containsExactly("job-cluster", "personal-vm", "power-user", "shared-compute");
        assertThat(PolicyFamily.all())
                .allSatisfy(family -> assertThat(PolicyDefinition.of("definition", family.definition())
                                .rules())
                        .isNotEmpty());
    }

    private static void refused(String definition, String... messages) {
        assertThatThrownBy(() -> PolicyDefinition.of("definition", definition))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE))
                .message()
                .contains(messages);
    }
}
