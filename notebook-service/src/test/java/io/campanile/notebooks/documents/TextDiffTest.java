package io.campanile.notebooks.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class TextDiffTest {
    private static final String[] LINES = {"a\n", "b\n", "c\n", "\n", "a", "\uD83D\uDE00", "\uD83D\uDE01", "\uD83D"};

    @Test
    void itMakesOneTextOfAnotherForAnyTwo() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String from = text(random);
            String to = text(random);

            ChangeSet change = TextDiff.between(from, to);

            assertThat(change.apply(from)).isEqualTo(to);
            assertThat(ChangeSet.fromJson(change.toJson())).isEqualTo(change);
        }
    }

    @Test
    void linesThatStayAreKept() {
        ChangeSet change = TextDiff.between("one\ntwo\nthree\nfour\nfive", "ONE\ntwo\nthree\nfour!\nfive");

        // The last changed line ends with the text's common end, its line break with it.
        assertThat(change.toJson()).hasToString("[[4,\"ONE\",\"\"],10,[4,\"four!\"],5]");
    }

    @Test
    void aPairIsNeverCutInHalf() {
        ChangeSet change = TextDiff.between("x\uD83D\uDE00y", "x\uD83D\uDE01y");

        assertThat(change.toJson()).hasToString("[1,[2,\"\uD83D\uDE01\"],1]");
    }

    @Test
    void textsOfManyLinesAreReplacedInTheMiddle() {
        String from = "head\n" + "x\n".repeat(100_000) + "tail";
        String to = "head\n" + "y\n".repeat(100_000) + "tail";

        assertThat(TextDiff.between(from, to).apply(from)).isEqualTo(to);
    }

    private static String text(Random random) {
        var out = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            out.append(LINES[random.nextInt(LINES.length)]);
        }
        return out.toString();
    }
}
