package io.campanile.clusters.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a definition makes of the settings of a cluster, and what it does not let pass. */
final class EnforcementTest {
    /** By rule: what is let pass and what is not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "'node_type_id':{'type':'fixed','value':'a'}|'node_type_id':'a'|-",
                "'node_type_id':{'type':'fixed','value':'a'}|'node_type_id':'b'|node_type_id must be a (fixed), not b",
                "'num_workers':{'type':'fixed','value':'2'}|'num_workers':2|-",
                "'num_workers':{'type':'fixed','value':2}|'num_workers':3|num_workers must be 2 (fixed), not 3",
                "'use_ml_runtime':{'type':'fixed','value':false}|'use_ml_runtime':true|use_ml_runtime must be false (fixed), not true",
                "'node_type_id':{'type':'forbidden'}|'x':1|-",
                "'node_type_id':{'type':'forbidden'}|'node_type_id':null|-",
                "'node_type_id':{'type':'forbidden'}|'node_type_id':''|-",
                "'node_type_id':{'type':'forbidden'}|'node_type_id':'b'|node_type_id must not be given (forbidden), but is b",
                "'node_type_id':{'type':'allowlist','values':['a','b']}|'node_type_id':'b'|-",
                "'node_type_id':{'type':'allowlist','values':['a','b']}|'node_type_id':'c'|node_type_id must be one of a, b (allowlist), not c",
                "'node_type_id':{'type':'blocklist','values':['a']}|'node_type_id':'b'|-",
                "'node_type_id':{'type':'blocklist','values':['a']}|'node_type_id':'a'|node_type_id must be none of a (blocklist), not a",
                "'cluster_name':{'type':'regex','pattern':'t-.*'}|'cluster_name':'t-1'|-",
                "'cluster_name':{'type':'regex','pattern':'t-.*'}|'cluster_name':'x t-1'|cluster_name must match t-.* (regex), not x t-1",
                "'num_workers':{'type':'range','minValue':1,'maxValue':3}|'num_workers':3|-",
                "'num_workers':{'type':'range','minValue':1,'maxValue':3}|'num_workers':4|num_workers must be at least 1 and at most 3 (range), not 4",
                "'num_workers':{'type':'range','minValue':1}|'num_workers':0|num_workers must be at least 1 (range), not 0",
                "'num_workers':{'type':'range','maxValue':3}|'num_workers':'3x'|num_workers must be at most 3 (range), not 3x",
                "'autoscale.max_workers':{'type':'range','maxValue':3}|'autoscale':{'min_workers':1,'max_workers':4}|autoscale.max_workers must be at most 3 (range), not 4",
                "'autoscale.*':{'type':'forbidden'}|'autoscale':{'min_workers':1}|autoscale.min_workers must not be given (forbidden), but is 1, by the rule for autoscale.*",
                "'spark_version':{'type':'unlimited'}|'x':1|spark_version must be given: it is not optional and may be anything (unlimited)",
                "'node_type_id':{'type':'allowlist','values':['a']}|'x':1|node_type_id must be given: it is not optional and must be one of a (allowlist)",
                "'node_type_id':{'type':'allowlist','values':['a'],'isOptional':true}|'x':1|-",
                "'custom_tags.team':{'type':'unlimited'}|'custom_tags':{'other':'x'}|custom_tags.team must be given",
                "'custom_tags.team':{'type':'unlimited'}|'custom_tags':{'team':''}|-",
                "'custom_tags.*':{'type':'forbidden'}|'custom_tags':{'a.b':'x'}|custom_tags.a.b must not be given (forbidden), but is x, by the rule for custom_tags.*",
                "'spark_env_vars.*':{'type':'forbidden'}|'spark_env_vars':{'KEY':'hush'}|spark_env_vars.KEY must not be given (forbidden), by the rule for spark_env_vars.*",
                "'aws_attributes.zone_id':{'type':'fixed','value':'z'}|'aws_attributes':{'zone_id':'y'}|aws_attributes.zone_id must be z (fixed), not y",
                "'init_scripts.*.s3.destination':{'type':'regex','pattern':'s3://ours/.*'}|'init_scripts':[{'s3':{'destination':'s3://ours/a'}}]|-",
                "'init_scripts.*.s3.destination':{'type':'regex','pattern':'s3://ours/.*'}|'init_scripts':[{'s3':{'destination':'s3://ours/a'}},{'s3':{'destination':'s3://x'}}]|init_scripts.1.s3.destination must match s3://ours/.* (regex), not s3://x",
                "'init_scripts.*':{'type':'forbidden'}|'init_scripts':[{'workspace':{'destination':'/a'}}]|init_scripts.0.workspace.destination must not be given (forbidden), but is /a",
                "'cluster_type':{'type':'fixed','value':'all-purpose'}|'x':1|-",
                "'cluster_type':{'type':'fixed','value':'job'}|'x':1|cluster_type must be job (fixed); where it is not given it is all-purpose",
                "'autotermination_minutes':{'type':'range','maxValue':60,'isOptional':true}|'x':1|autotermination_minutes must be at most 60 (range); where it is not given it is 4320",
                "'autotermination_minutes':{'type':'forbidden'}|'x':1|-"
            })
    void rulesAreKept(String rules, String settings, String violation) {
        List<String> found = violations(rules, settings);

        if (violation == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().asString().startsWith(violation);
        }
    }

    @Test
    void theRuleThatSaysMostOfAPathDecides() {
        String rules = "'spark_conf.*':{'type':'forbidden'},'spark_conf.spark.sql.*':{'type':'unlimited'},"
                + "'spark_conf.spark.sql.ansi.enabled':{'type':'fixed','value':'true','isOptional':true}";

        assertThat(violations(rules, "'spark_conf':{'spark.sql.caseSensitive':'true'}"))
                .isEmpty();
        assertThat(violations(rules, "'spark_conf':{'spark.sql.ansi.enabled':'false','spark.speculation':'true'}"))
                .containsExactly(
                        "spark_conf.spark.sql.ansi.enabled must be true (fixed), not false",
                        "spark_conf.spark.speculation must not be given (forbidden), but is true, by the rule for"
                                + " spark_conf.*");
    }

    @Test
    void anotherSpellingOfASparkSettingIsTheSameSetting() {
        String rules = "'spark_conf.spark.sql.ansi.enabled':{'type':'fixed','value':'true'}";

        for (String spelling :
                List.of("sql.ansi.enabled", "spark.spark.sql.ansi.enabled", " spark.sql.ansi.enabled ")) {
            assertThat(violations(rules, "'spark_conf':{'" + spelling + "':'false'}"))
                    .containsExactly("spark_conf.spark.sql.ansi.enabled must be true (fixed), not false");
            assertThat(complete(rules, "'spark_conf':{'" + spelling + "':'true'}", false))
                    .isEqualTo(json("'spark_conf':{'" + spelling + "':'true'}"));
        }
        assertThat(violations("'spark_conf.sql.*':{'type':'forbidden'}", "'spark_conf':{'spark.sql.a':'b'}"))
                .hasSize(1);
    }

    @Test
    void fixedValuesFillWhatIsLeftOutAndDefaultsWhereAskedFor() {
        String rules = "'num_workers':{'type':'fixed','value':'0'},'is_single_node':{'type':'fixed','value':'true'},"
                + "'custom_tags.team':{'type':'fixed','value':'a'},'spark_conf.speculation':{'type':'fixed','value':true},"
                + "'init_scripts.0.workspace.destination':{'type':'fixed','value':'/s'},"
                + "'aws_attributes.first_on_demand':{'type':'fixed','value':1},"
                + "'runtime_engine':{'type':'fixed','value':'STANDARD','isOptional':true},"
                + "'cluster_type':{'type':'fixed','value':'all-purpose'},"
                + "'node_type_id':{'type':'allowlist','values':['x','y'],'defaultValue':'y'},"
                + "'custom_tags.*':{'type':'fixed','value':'z'}";
        String fixed = "'custom_tags':{'mine':'z','team':'a'},'num_workers':0,'is_single_node':true,"
                + "'spark_conf':{'spark.speculation':'true'},"
                + "'init_scripts':[{'workspace':{'destination':'/s'}}],'aws_attributes':{'first_on_demand':1}";

        assertThat(complete(rules, "'custom_tags':{'mine':'z'},'node_type_id':''", false))
                .isEqualTo(json(fixed + ",'node_type_id':''"));
        assertThat(complete(rules, "'custom_tags':{'mine':'z'}", true))
                .isEqualTo(json(fixed + ",'node_type_id':'y','runtime_engine':'STANDARD'"));
        assertThat(complete(rules, fixed + ",'node_type_id':'x'", true))
                .isEqualTo(json(fixed + ",'node_type_id':'x','runtime_engine':'STANDARD'"));
    }

    @Test
    void whatCannotBeFilledIsMissing() {
        assertThat(violations(
                        "'init_scripts.1.workspace.destination':{'type':'fixed','value':'/s'}", "'init_scripts':[]"))
                .containsExactly("init_scripts.1.workspace.destination must be given: it is not optional and must be /s"
                        + " (fixed)");
        assertThat(complete("'custom_tags.team':{'type':'fixed','value':'a'}", "'custom_tags':7", false))
                .isEqualTo(json("'custom_tags':7"));
    }

    private static List<String> violations(String rules, String settings) {
        Enforcement enforcement = enforcement(rules);
        return enforcement.violations(
                enforcement.complete(json(settings), false),
                Map.of("cluster_type", "all-purpose", "autotermination_minutes", "4320"));
    }

    private static ObjectNode complete(String rules, String settings, boolean defaults) {
        return enforcement(rules).complete(json(settings), defaults);
    }

    private static Enforcement enforcement(String rules) {
        return new Enforcement(PolicyDefinition.read("definition", json(rules)));
    }

    private static ObjectNode json(String quoted) {
        return Json.read("{" + quoted.replace('\'', '"') + "}", ObjectNode.class);
    }
}
