package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code campanile usage} and {@code campanile budgets} against a server that is played. */
final class CostTest extends PlayedTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USAGE = "/api/campanile/v1/usage";
    private static final String BUDGETS = "/api/campanile/v1/budgets";

    @Test
    void usageIsAddedUpByWhatIsAskedFor() {
        server.on("GET " + USAGE, 200, """
                {"usage":[{"cluster_id":"c1","cluster_name":"mine","node_seconds":5400.0,"amount":1.5,"currency":"EUR"},
                {"cluster_id":"c2","cluster_name":"free","node_seconds":36.0}]}""");

        assertThat(cli.run("usage", "--by", "cluster", "--from", "2026-11-01", "--to", "2026-11-30")
                        .out())
                .isEqualTo("""
                CLUSTER    NODE HOURS  COST
                mine (c1)  1.50        1.50 EUR
                free (c2)  0.01
                """);
        assertThat(server.asked().get(0).target())
                .contains("group_by=cluster", "start_time=1793491200000", "end_time=1796083200000");
        assertThat(cli.run("usage", "--by", "tag").code()).isEqualTo(2);
        assertThat(cli.run("usage", "--from", "November").code()).isEqualTo(2);
    }

    @Test
    void everyRowIsPrintedAsItComes() {
        server.on("GET " + USAGE + "/export", 200, "hour,cluster_id\r\nx,c1\r\n");

        assertThat(cli.run("usage", "--csv", "--own").out()).isEqualTo("hour,cluster_id\r\nx,c1\r\n");
        assertThat(server.asked().get(0).target()).contains("own=true");
    }

    @Test
    void budgetsAreListedMadeChangedAndDeleted() throws IOException {
        String one = """
                {"budget_id":"b1","name":"team","scope":"TAG","tag_key":"team","tag_value":"red","period":"MONTH",
                "amount":100,"currency":"EUR","thresholds":[{"percent":80,"action":"NOTIFY"},
                {"percent":100,"action":"STOP"}],"grace_minutes":15,"spent":81.25,"reached":"NOTIFY"}""";
        server.on("GET " + BUDGETS, 200, "{\"budgets\":[" + one + "]}");
        server.on("POST " + BUDGETS, 200, one);
        server.on("PATCH " + BUDGETS + "/b1", 200, one);
        server.on("DELETE " + BUDGETS + "/b1", 200, "{}");

        assertThat(cli.run("budgets", "list").out()).isEqualTo("""
                NAME  OF        SPENT      AMOUNT      PERIOD  DOES                STATE   UNTIL
                team  team=red  81.25 EUR  100.00 EUR  month   notify:80 stop:100  notify
                """);
        assertThat(cli.run(
                                "budgets",
                                "create",
                                "mine",
                                "--amount",
                                "5",
                                "--user",
                                "bob",
                                "--period",
                                "day",
                                "--notify",
                                "50",
                                "--refuse",
                                "90",
                                "--stop",
                                "100",
                                "--grace",
                                "5")
                        .code())
                .isZero();
        assertThat(JSON.readTree(server.asked("POST " + BUDGETS).get(0).text())).isEqualTo(JSON.readTree("""
                {"name":"mine","amount":5,"period":"DAY","scope":"USER","user_name":"bob","thresholds":[
                {"percent":50,"action":"NOTIFY"},{"percent":90,"action":"REFUSE"},{"percent":100,"action":"STOP"}],
                "grace_minutes":5}"""));
        assertThat(cli.run("budgets", "update", "team", "--amount", "200").code())
                .isZero();
        assertThat(server.asked("PATCH " + BUDGETS + "/b1").get(0).text()).isEqualTo("{\"amount\":200}");
        assertThat(cli.run("budgets", "update", "none", "--amount", "1").code()).isEqualTo(4);
        assertThat(cli.run("budgets", "update", "team").code()).isEqualTo(2);
        assertThat(cli.run("budgets", "create", "x").code()).isEqualTo(2);
        assertThat(cli.run("budgets", "create", "x", "--amount", "1", "--user", "a", "--workspace")
                        .code())
                .isEqualTo(2);
        assertThat(cli.run("budgets", "delete", "team").code()).isNotZero();
        assertThat(cli.run("budgets", "delete", "b1", "--yes").code()).isZero();
    }
}
