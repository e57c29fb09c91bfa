package io.campanile.kernel.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JavaCellsTest {
    static CellRun run;
    static JavaCells cells;
    static CellCompletion completion;
    private static int count;

    @BeforeAll
    static void start() {
        CellClasses classes = new CellClasses();
        run = new CellRun(classes.loader());
        cells = new JavaCells(classes, run, thrown -> null);
        completion = new CellCompletion(cells.analysis());
    }

    @Test
    void onlyAnExpressionHasAValue() throws CellFailedException {
        assertThat(evaluate("int a = 1; a + 1").value()).isEqualTo(2);
        assertThat(evaluate("int b = 2;").hasValue()).isFalse();
        assertThat(evaluate("b = 3").hasValue()).isFalse();
        assertThat(evaluate("b").value()).isEqualTo(3);
        assertThat(evaluate("if (b == 3) { b++; }").hasValue()).isFalse();
        assertThat(evaluate("// nothing").hasValue()).isFalse();
        assertThat(evaluate("(String) null")).isEqualTo(new Outcome(true, null));
    }

    @Test
    void declarationsMayPrecedeWhatTheyNeed() throws CellFailedException {
        evaluate("int twice(int x) { return half(x) * 4; }\nint half(int x) { return x / 2; }");

        assertThat(evaluate("twice(10)").value()).isEqualTo(20);
        evaluate("int lonely() { return missing(); }");
        assertThat(failure("lonely()").message()).contains("lonely()").contains("missing()");
    }

    @Test
    void theFailedStatementEndsTheCell() throws CellFailedException {
        CellError error = failure("int kept = 5;\nint[] none = {};\nnone[1] = 2;\nkept = 6;");

        assertThat(error.name()).isEqualTo("ArrayIndexOutOfBoundsException");
        assertThat(error.line()).isEqualTo(3);
        assertThat(evaluate("kept").value()).isEqualTo(5);
    }

    @Test
    void unfinishedCodeIsACompileError() {
        CellError error = failure("int ok = 1;\nint f(int x) {\n  return x;\n");

        assertThat(error.kind()).isEqualTo(CellError.Kind.COMPILE);
        assertThat(error.line()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void exceptionsOfTheCellHaveTheirPlainNames() throws CellFailedException {
        evaluate("class Odd extends RuntimeException { Odd(String m, Throwable c) { super(m, c); } }");

        CellError error = failure("throw new Odd(\"why\", new IllegalStateException(\"root\"));");

        assertThat(error.name()).isEqualTo("Odd");
        assertThat(error.message()).isEqualTo("why");
        assertThat(error.details()).containsExactly("Caused by: java.lang.IllegalStateException: root");
    }

    @Test
    void completionSeesEarlierStatementsOfTheCell() throws CellFailedException {
        evaluate("String known = \"x\";");

        assertThat(complete("known.isBl").texts()).contains("isBlank()");
        assertThat(complete("import java.time.*;\nvar day = \"a\".strip();\nday.toUpp")
                        .texts())
                .anyMatch(text -> text.startsWith("toUpperCase"));
        assertThat(complete("int f() { return 1; }\nknown.le").texts()).contains("length()");
        assertThat(complete("known.isBl").start()).isEqualTo(6);
        assertThat(complete("").texts()).isNotNull();
    }

    @Test
    void inspectionShowsTypesAndSignatures() throws CellFailedException {
        evaluate("long inspected = 3;");

        assertThat(completion.inspect("inspected", 4)).isEqualTo("inspected:long");
        assertThat(completion.inspect("\"a\".repeat(2)", 7)).contains("String.repeat(int count)");
        assertThat(completion.inspect("nothingLikeThis", 3)).isNull();
    }

    private static CellCompletion.Matches complete(String code) {
        return completion.complete(code, code.length());
    }

    private static Outcome evaluate(String code) throws CellFailedException {
        run.begin(null);
        try {
            return cells.evaluate(new CellSource(++count, code));
        } finally {
            run.end();
        }
    }

    private static CellError failure(String code) {
        CellError[] error = new CellError[1];
        assertThatThrownBy(() -> evaluate(code))
                .isInstanceOfSatisfying(CellFailedException.class, failed -> error[0] = failed.error());
        return error[0];
    }
}
