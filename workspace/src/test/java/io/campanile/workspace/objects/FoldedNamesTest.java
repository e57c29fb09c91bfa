package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FoldedNamesTest {
    @Test
    void whatDiffersByCapitalsOrUnicodeFormAloneIsTheSame() {
        same("Name.TXT", "nAME.txt");
        same("Stra\u00dfe", "STRASSE");
        same("stra\u1e9ee", "strasse");
        same("caf\u00c9", "cafe\u0301");
        same("\u212aelvin", "kelvin");
        same("\u212bngstr\u00f6m", "\u00e5NGSTRO\u0308M");
        same("\u039f\u03b4\u03bf\u03c2", "\u03bf\u03b4\u03bf\u03c3");
        same("o\ufb03ce", "OFFICE");
        same("\u1e9b\u0323", "\u1e69");
        // The small iota below comes after the acute in one form and before it in the other.
        same("\u1fb4", "\u03b1\u0345\u0301");
        same("\ud801\udc00", "\ud801\udc28");
        same("\u13a0", "\uab70");
    }

    @Test
    void theTurkishLettersAreFoldedAsUnicodeSaysInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            for (String language : new String[] {"en", "tr", "az", "lt"}) {
                Locale.setDefault(Locale.forLanguageTag(language));
                same("I", "i");
                same("\u0130", "i\u0307");
                assertThat(FoldedNames.fold("\u0131")).as(language).isEqualTo("\u0131");
                differ("\u0131", "I");
                differ("\u0130", "I");
                same("TITLE", "title");
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void whatOnlyLooksAlikeOrOnlyMeansTheSameIsNotTheSame() {
        differ("a", "\u0430");
        differ("A", "\uff21");
        differ("1", "\u00b9");
        differ("e", "\u00e9");
        differ("name", "name ");
        differ("a/b", "ab");
    }

    /** All that the runtime knows of capitals, in the parts of Unicode that have not changed since long ago. */
    @Test
    void allOfItIsFolded() {
        IntStream.concat(IntStream.rangeClosed(0, 0x587), IntStream.rangeClosed(0x1e00, 0x1fff))
                .filter(character -> character != 0x130 && character != 0x131)
                .mapToObj(Character::toString)
                .forEach(letter -> {
                    same(letter, letter.toLowerCase(Locale.ROOT));
                    same(letter, letter.toUpperCase(Locale.ROOT));
                    String folded = FoldedNames.fold(letter);
                    assertThat(FoldedNames.fold(folded)).as(letter).isEqualTo(folded);
                    assertThat(Normalizer.isNormalized(folded, Normalizer.Form.NFC))
                            .as(letter)
                            .isTrue();
                });
    }

    private static void same(String one, String other) {
        assertThat(FoldedNames.fold(one)).as(one + " and " + other).isEqualTo(FoldedNames.fold(other));
    }

    private static void differ(String one, String other) {
        assertThat(FoldedNames.fold(one)).as(one + " and " + other).isNotEqualTo(FoldedNames.fold(other));
    }
}
