package io.campanile.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TableTest {
    private static String printed(Table table, int columns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8), columns, false);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void wideCharactersTakeTwoColumnsAndMarksNone() {
        Table table = new Table("NAME", "X").row("数据", "1").row("e\u0301", "2").row("📁", "3");

        assertThat(printed(table, 0)).isEqualTo("NAME  X\n数据  1\ne\u0301     2\n📁    3\n");
    }

    @Test
    void theWidestColumnGivesWayOnATerminal() {
        Table table = new Table("ID", "PATH").row("1", "/Shared/a/very/long/path/of/a/notebook");

        assertThat(printed(table, 20)).isEqualTo("ID  PATH\n1   /Shared/a/very/…\n");
        assertThat(printed(table, 0)).contains("notebook");
    }

    @Test
    void nothingThatATerminalObeysGetsThrough() {
        assertThat(printed(new Table("A").row("\u001b[2J\u202Etxt\u009b"), 0))
                .isEqualTo("A\n\uFFFD[2J\uFFFDtxt\uFFFD\n");
    }

    @Test
    void progressShowsShareSpeedAndTimeLeft() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        AtomicLong now = new AtomicLong();
        ProgressBar bar = new ProgressBar(new PrintStream(err, true, StandardCharsets.UTF_8), 70, now::get);

        bar.begin("big.bin", 100_000_000, 20_000_000);
        now.set(2_000_000_000L);
        bar.moved(20_000_000);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .endsWith("[########            ]  40 %    10.0 MB/s  ETA 0:06")
                .doesNotContain("\n");
    }
}
