package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code campanile pools} against a server that answers as the API does. */
final class PoolsTest extends PlayedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ABSENT = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"Not there\"}";
    private static final String BASE = "/api/2.0/instance-pools/";
    private static final String ONE = "{\"instance_pool_id\":\"P1\",\"instance_pool_name\":\"small\","
            + "\"node_type_id\":\"local.small\",\"min_idle_instances\":1,\"max_capacity\":4,"
            + "\"idle_instance_autotermination_minutes\":60,\"state\":\"ACTIVE\",\"enable_elastic_disk\":false,"
            + "\"stats\":{\"idle_count\":1,\"used_count\":2,\"pending_idle_count\":0,\"pending_used_count\":1},"
            + "\"status\":{\"pending_instance_errors\":[{\"message\":\"Not enough memory\"}]}}";

    @Test
    void poolsAreShownByNameAndChangedWithWhatIsGiven() throws IOException {
        server.on("GET " + BASE + "list", 200, "{\"instance_pools\":[" + ONE + "]}");
        server.on("GET " + BASE + "get", 404, ABSENT);
        server.on("POST " + BASE + "create", 200, "{\"instance_pool_id\":\"P2\"}");
        server.on("POST " + BASE + "edit", 200, "{}");
        server.on("POST " + BASE + "delete", 200, "{}");

        assertThat(cli.run("pools", "list").out()).isEqualTo("""
                ID  NAME   NODE TYPE    IDLE  USED  PENDING  KEPT  MOST
                P1  small  local.small  1     2     1        1     4
                """);
        assertThat(cli.run("pools", "get", "small").err()).contains("Not enough memory");
        assertThat(cli.run("pools", "get", "none").code()).isEqualTo(4);
        assertThat(cli.run(
                                "pools",
                                "create",
                                "new",
                                "--node-type",
                                "local.small",
                                "--min-idle",
                                "2",
                                "--runtime",
                                "4.0.x-scala2.13",
                                "--tag",
                                "team=blue")
                        .err())
                .contains("Made the pool new (P2).");
        assertThat(sent("POST " + BASE + "create"))
                .isEqualTo(JSON.readTree("{\"instance_pool_name\":\"new\",\"node_type_id\":\"local.small\","
                        + "\"preloaded_spark_versions\":[\"4.0.x-scala2.13\"],\"min_idle_instances\":2,"
                        + "\"custom_tags\":{\"team\":\"blue\"}}"));
        cli.run("pools", "edit", "small", "--max-capacity", "0", "--idle-minutes", "5");
        assertThat(sent("POST " + BASE + "edit"))
                .isEqualTo(JSON.readTree("{\"instance_pool_id\":\"P1\",\"instance_pool_name\":\"small\","
                        + "\"node_type_id\":\"local.small\",\"min_idle_instances\":1,"
                        + "\"idle_instance_autotermination_minutes\":5}"));
        assertThat(cli.run("pools", "edit", "small", "--max-capacity", "-1").code())
                .isEqualTo(2);
        assertThat(cli.run("pools", "delete", "small").code()).isNotZero();
        assertThat(cli.run("pools", "delete", "small", "--yes").code()).isZero();
        JsonNode deleted = sent("POST " + BASE + "delete");
        assertThat(deleted).isEqualTo(JSON.readTree("{\"instance_pool_id\":\"P1\"}"));
    }

    private JsonNode sent(String route) throws IOException {
        return JSON.readTree(server.asked(route).get(0).body());
    }
}
