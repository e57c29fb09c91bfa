package io.campanile.clusters.policy;

import static io.campanile.clusters.policy.PolicyPlatform.ADMIN;
import static io.campanile.clusters.policy.PolicyPlatform.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a policy would do, before anybody has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicyTrialTest {
    private static final String SPEC =
            "{'cluster_name':'mine','spark_version':'4.0.x-scala2.13','node_type_id':'local.small'}";

    private PolicyPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new PolicyPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void whatIsLeftOutIsFilledAndSaidSo() throws Exception {
        JsonNode trial = attempt(
                "{'autotermination_minutes':{'type':'fixed','value':30},'custom_tags.team':{'type':'unlimited','isOptional':true}}",
                SPEC);

        assertThat(trial.path("allowed").asBoolean()).as("%s", trial).isTrue();
        assertThat(trial.at("/cluster/autotermination_minutes").asInt()).isEqualTo(30);
        assertThat(trial.path("filled"))
                .singleElement()
                .satisfies(filled -> assertThat(filled.toString())
                        .isEqualTo("{\"attribute\":\"autotermination_minutes\",\"value\":30,\"rule\":\"fixed\"}"));
        assertThat(trial.path("refusals")).isEmpty();
    }

    @Test
    void everyRefusalIsToldAtOnceAsTheApiWouldTellIt() throws Exception {
        String definition = "{'node_type_id':{'type':'allowlist','values':['local.large']},"
                + "'autotermination_minutes':{'type':'range','maxValue':60}}";

        JsonNode trial = attempt(definition, SPEC);

        assertThat(trial.path("allowed").asBoolean()).isFalse();
        assertThat(texts(trial.path("refusals")))
                .hasSize(2)
                .anySatisfy(refusal -> assertThat(refusal).contains("node_type_id", "local.large", "local.small"))
                .anySatisfy(refusal -> assertThat(refusal).contains("autotermination_minutes", "4320"));
    }

    @Test
    void defaultsFillOnlyWhereTheyAreAskedFor() throws Exception {
        String definition = "{'autotermination_minutes':{'type':'range','maxValue':60,'defaultValue':45}}";

        JsonNode without = attempt(definition, SPEC);
        JsonNode with = attempt(definition, SPEC.replace("}", ",'apply_policy_default_values':true}"));

        assertThat(without.path("allowed").asBoolean()).isFalse();
        assertThat(with.path("allowed").asBoolean()).as("%s", with).isTrue();
        assertThat(with.at("/filled/0/rule").asText()).isEqualTo("default");
    }

    @Test
    void whatNoPolicyCouldAllowIsToldApart() throws Exception {
        JsonNode trial = attempt("{}", SPEC.replace("local.small", "no.such"));

        assertThat(trial.path("allowed").asBoolean()).isFalse();
        assertThat(trial.path("refusals")).isEmpty();
        assertThat(trial.path("problem").asText()).contains("no.such", "local.small");
    }

    @Test
    void aFamilyIsTriedWithItsOverrides() throws Exception {
        String body = "{'policy_family_id':'personal-vm','policy_family_definition_overrides':"
                + "'{\\\"autotermination_minutes\\\":{\\\"type\\\":\\\"fixed\\\",\\\"value\\\":20}}','cluster':" + SPEC
                + "}";

        JsonNode trial = tried(ADMIN, body.replace('\'', '"'));

        assertThat(trial.at("/cluster/autotermination_minutes").asInt())
                .as("%s", trial)
                .isEqualTo(20);
    }

    @Test
    void whatIsWrongNamesItsField() throws Exception {
        assertThat(attempt("{'nothing':", SPEC).path("message").asText()).contains("definition");
        assertThat(tried(ADMIN, "{\"definition\":\"{}\"}").path("message").asText())
                .contains("cluster");
        assertThat(tried(ADMIN, "{\"cluster\":{}}").path("message").asText()).contains("definition");
        assertThat(tried(BOB, "{\"definition\":\"{}\",\"cluster\":{}}")
                        .path("error_code")
                        .asText())
                .isEqualTo("PERMISSION_DENIED");
    }

    private JsonNode attempt(String definition, String cluster) throws Exception {
        ObjectNode body = Json.MAPPER.createObjectNode().put("definition", definition.replace('\'', '"'));
        body.set("cluster", Json.MAPPER.readTree(cluster.replace('\'', '"')));
        return tried(ADMIN, body.toString());
    }

    private JsonNode tried(Caller caller, String body) throws Exception {
        return platform.raw(caller, "POST", "/api/campanile/v1/policies/try", body);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
