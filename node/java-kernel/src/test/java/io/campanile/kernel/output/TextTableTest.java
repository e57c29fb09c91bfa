package io.campanile.kernel.output;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.kernel.secrets.Redaction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextTableTest {
    record Person(String name, int age) {}

    @Test
    void columnsAreAlignedAndLongCellsCut() {
        TextTable table = new TextTable(List.of("id", "text"), new Redaction());
        table.add(List.of("1", "y".repeat(80)));
        table.add(List.of("200", "z"));

        assertThat(table.text().lines().map(String::stripTrailing))
                .containsExactly("id   text", "---  " + "-".repeat(60), "1    " + "y".repeat(59) + "…", "200  z");
    }

    @Test
    void markupInCellsIsText() {
        TextTable table = new TextTable(List.of("<b>"), new Redaction());
        table.add(List.of("<script>&"));

        assertThat(table.html())
                .contains("&lt;b&gt;")
                .contains("&lt;script&gt;&amp;")
                .doesNotContain("<script>");
    }

    @Test
    void recordsAndMapsAreRows() {
        TextTable people = requireNonNull(
                RowsOfValues.table(List.of(new Person("Ada", 36), new Person("Alan", 41)), new Redaction()));
        TextTable maps =
                requireNonNull(RowsOfValues.table(new Object[] {Map.of("a", 1), Map.of("b", 2)}, new Redaction()));

        assertThat(people.text()).contains("name  age").contains("Alan  41");
        assertThat(maps.size()).isEqualTo(2);
        assertThat(RowsOfValues.table(List.of(1, 2), new Redaction())).isNull();
        assertThat(RowsOfValues.table("text", new Redaction())).isNull();
    }
}
