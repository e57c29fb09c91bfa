package io.campanile.kernel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CellNamesTest {
    @Test
    void renamingKeepsTheLength() {
        byte[] before = bytes("xREPL.$JShell$12$P and REPL/$JShell$7B;REPL.$JShel");

        byte[] after = CellNames.rename(before, "abcdEFG1");

        assertThat(after).hasSameSizeAs(before);
        assertThat(new String(after, StandardCharsets.ISO_8859_1))
                .isEqualTo("xcell.abcdEFG112$P and cell/abcdEFG17B;REPL.$JShel");
        assertThat(CellNames.mentions(before)).isTrue();
        assertThat(CellNames.mentions(after)).isFalse();
    }

    @Test
    void wrappersAreTold() {
        assertThat(CellNames.isWrapper("REPL/$JShell$12B")).isTrue();
        assertThat(CellNames.isWrapper("REPL/$JShell$12$Person")).isFalse();
        assertThat(CellNames.readable("REPL.$JShell$12$Person")).isEqualTo("Person");
        assertThat(CellNames.shippedPath("REPL/$JShell$12$P", "abcdEFG1")).isEqualTo("cell/abcdEFG112$P.class");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
