package io.campanile.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.db.Database;
import io.campanile.common.db.SqlText;
import io.campanile.common.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a thread may have of the connections at once, and statements of text on them. */
final class ConnectionsTest {
    private static Database database;

    @BeforeAll
    static void open() {
        database = Database.open(TestDatabase.create(), "tests", "tests");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void whoHasATransactionGetsNoSecondConnection() {
        assertThatThrownBy(() -> database.transact(tx -> database.context().fetchValue("select 1")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("within a transaction its own context is to be used");

        assertThat(database.context().fetchValue("select 1")).isEqualTo(1);
    }

    @Test
    void aTransactionWithinATransactionIsOnItsConnection() {
        Object found = database.<Object>inTransaction(
                tx -> tx.transactionResult(inner -> DSL.using(inner).fetchValue("select 2")));

        assertThat(found).isEqualTo(2);
        assertThat(database.<Object>inTransaction(tx -> tx.fetchValue("select 3")))
                .isEqualTo(3);
    }

    @Test
    void aLockLeavesConnectionsToThoseWhoWorkUnderIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                done.add(threads.submit(() -> database.lock(tx -> {
                    assertThat(tx.fetchValue("select 1")).isEqualTo(1);
                    assertThat(database.<Object>inTransaction(other -> other.fetchValue("select 2")))
                            .isEqualTo(2);
                })));
            }
            for (Future<?> one : done) {
                one.get(20, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aTransactionThatFailsGivesItsConnectionBack() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> database.transact(tx -> {
                        throw new IllegalArgumentException("no");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(database.context().fetchValue("select 4")).isEqualTo(4);
    }

    @Test
    void aStatementOfTextHasItsValuesInTheirPlaces() {
        SqlText text = SqlText.of("select ?, (?)[2], ? + 1");
        var found = text.with(
                        database.context(),
                        DSL.val("it's {0} ? and ' --"),
                        DSL.val(new String[] {"a", "b"}, SQLDataType.VARCHAR.array()),
                        DSL.val(4L, SQLDataType.BIGINT))
                .fetchSingle();

        assertThat(found.get(0)).isEqualTo("it's {0} ? and ' --");
        assertThat(found.get(1)).isEqualTo("b");
        assertThat(found.get(2)).isEqualTo(5L);
        assertThatThrownBy(() -> text.with(database.context(), DSL.val(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
