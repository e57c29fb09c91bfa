package io.campanile.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.trino.tpch.TpchTable;
import org.junit.jupiter.api.Test;

final class TpchRowsTest {
    @Test
    void rowsFitTheirSchema() {
        var nation = new TpchRows<>(TpchTable.getTable("nation"));

        var rows = nation.rows(0.01);

        assertThat(rows).hasSize(25);
        assertThat(nation.schema().toDDL()).contains("n_nationkey BIGINT NOT NULL", "n_name STRING NOT NULL");
        assertThat(rows.get(0).get(0)).isInstanceOf(Long.class);
    }

    @Test
    void datesAreDates() {
        var orders = new TpchRows<>(TpchTable.getTable("orders"));

        assertThat(orders.schema().toDDL()).contains("o_orderdate DATE");
        assertThat(orders.rows(0.001).get(0).getDate(4)).isBetween("1992-01-01", "1998-12-31");
    }
}
