package io.campanile.kernel.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.kernel.cells.CellFailedException;
import org.junit.jupiter.api.Test;

class CellCodeTest {
    @Test
    void theMagicWinsAndPositionsStay() throws CellFailedException {
        CellCode cell = CellCode.of("%sql select 1", "JAVA");

        assertThat(cell.language()).isEqualTo(CellCode.Language.SQL);
        assertThat(cell.text()).isEqualTo("     select 1");
        assertThat(CellCode.of("\n%md\n# x", "JAVA").text()).isEqualTo("\n   \n# x");
    }

    @Test
    void aRemainderIsNoMagic() throws CellFailedException {
        assertThat(CellCode.of("7\n%sqlx(2)", "JAVA").language()).isEqualTo(CellCode.Language.JAVA);
    }

    @Test
    void otherLanguagesAreRefusedInWords() {
        assertThatThrownBy(() -> CellCode.of("%fs ls /", "JAVA"))
                .isInstanceOf(CellFailedException.class)
                .hasMessageContaining("%fs is not built yet");
        assertThatThrownBy(() -> CellCode.of("x = 1", "PYTHON")).hasMessageContaining("PYTHON cells are not built yet");
    }
}
