package io.campanile.kernel.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedTextTest {
    private final List<String> pieces = new ArrayList<>();
    private final PrintedText printed = new PrintedText((stream, text) -> pieces.add(stream + ":" + text));
    private final PrintStream out = printed.stream("stdout");
    private final PrintStream err = printed.stream("stderr");

    @Test
    void theTwoStreamsKeepTheirOrder() {
        out.print("a");
        err.print("b");
        out.print("c");
        out.print("d");
        printed.flush();

        assertThat(pieces).containsExactly("stdout:a", "stderr:b", "stdout:cd");
    }

    @Test
    void aCharacterCutInTwoArrivesWhole() {
        String text = "x".repeat(PrintedText.PIECE_BYTES - 1) + "äöü";

        out.print(text);
        printed.flush();

        assertThat(pieces).hasSize(2);
        assertThat(pieces.get(0).substring(7) + pieces.get(1).substring(7)).isEqualTo(text);
    }

    @Test
    void brokenBytesDoNotStopTheStream() {
        out.write(0xff);
        out.write('a');
        printed.flush();

        assertThat(pieces).containsExactly("stdout:\uFFFDa");
    }
}
