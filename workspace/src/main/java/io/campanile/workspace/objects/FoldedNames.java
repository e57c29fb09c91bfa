package io.campanile.workspace.objects;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;

/**
 * Names as they are compared where two must not differ by capitals or Unicode form alone: in a folder, in an archive, in
 * a commit. It is Unicode's canonical caseless matching (definition D145), in the composed form: full case folding, the
 * same for every language. By a library and not by the runtime, of which each release knows other capitals: what is in
 * the database stays as it was folded. Unicode never changes the folding of a character that it has assigned.
 */
public final class FoldedNames {
    private FoldedNames() {}

    /** What is the same for all names, or paths, that differ by capitals or Unicode form alone. */
    public static String fold(String name) {
        String folded = UCharacter.foldCase(Normalizer2.getNFDInstance().normalize(name), UCharacter.FOLD_CASE_DEFAULT);
        return Normalizer2.getNFCInstance().normalize(folded);
    }
}
