package io.campanile.kernel.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void semicolonsInQuotesAndCommentsDoNotSplit() {
        List<SqlScript.Statement> statements =
                SqlScript.split("select ';' a; -- no; split\nselect \"b;\\\";\", `c;`; /* x; /* y; */ z; */ select 3");

        assertThat(statements)
                .extracting(SqlScript.Statement::text)
                .containsExactly(
                        "select ';' a", "-- no; split\nselect \"b;\\\";\", `c;`", "/* x; /* y; */ z; */ select 3");
    }

    @Test
    void offsetsLeadIntoTheCell() {
        String cell = "select 1;\n\n  select 2;\n-- nothing more\n";

        List<SqlScript.Statement> statements = SqlScript.split(cell);

        assertThat(statements).hasSize(2);
        assertThat(cell.substring(statements.get(1).offset())).startsWith("select 2");
    }

    @Test
    void aCompoundStatementStaysWhole() {
        assertThat(SqlScript.split("BEGIN\n  SELECT 1;\n  SELECT 2;\nEND")).hasSize(1);
        assertThat(SqlScript.split(" ;; ")).isEmpty();
        assertThat(SqlScript.split("select 'open")).hasSize(1);
    }
}
