package io.campanile.kernel.cells;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;

/** Evaluates the Java cells of a notebook, statement by statement, in one JShell. One thread at a time. */
public final class JavaCells {
    private final CellRun run;
    private final LibraryClasses libraries;
    private final CellControl control;
    private final JShell shell;
    private final SourceCodeAnalysis analysis;
    private final SnippetPlaces places = new SnippetPlaces();
    private final JavaErrors errors;

    /** {@code known} turns exceptions of libraries the kernel knows (Spark's) into errors; null for the others. */
    public JavaCells(CellClasses classes, CellRun run, Function<Throwable, @Nullable CellError> known) {
        this.run = run;
        libraries = classes.libraries();
        control = new CellControl(classes, run);
        shell = JShell.builder()
                .executionEngine(new Provider(control), Map.of())
                .compilerOptions("-proc:none", "-Xlint:-options")
                .build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        analysis = shell.sourceCodeAnalysis();
        errors = new JavaErrors(shell, places, known);
    }

    public SourceCodeAnalysis analysis() {
        return analysis;
    }

    /** Runs the statements of a cell; its outcome is that of the last one, if that is an expression. */
    public Outcome evaluate(CellSource source) throws CellFailedException {
        libraries.fresh().forEach(jar -> shell.addToClasspath(jar.toString()));
        Map<String, DeclarationSnippet> unresolved = new LinkedHashMap<>();
        Outcome outcome = Outcome.NONE;
        String rest = source.text().stripLeading();
        while (!rest.isBlank()) {
            int offset = source.text().length() - rest.length();
            CompletionInfo next = analysis.analyzeCompletion(rest);
            boolean complete = next.completeness() == SourceCodeAnalysis.Completeness.COMPLETE
                    || next.completeness() == SourceCodeAnalysis.Completeness.COMPLETE_WITH_SEMI;
            if (next.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                break;
            }
            String code = complete && next.source() != null ? next.source() : rest;
            outcome = snippet(source, code, offset, unresolved);
            // JShell counts the lines of a trace from the first one that is not blank.
            rest = complete && next.remaining() != null ? next.remaining().stripLeading() : "";
        }
        noteUnresolved(unresolved);
        return outcome;
    }

    private Outcome snippet(CellSource source, String code, int offset, Map<String, DeclarationSnippet> unresolved)
            throws CellFailedException {
        control.reset();
        places.starting(source, offset);
        List<SnippetEvent> events = shell.eval(code);
        if (run.wasInterrupted()) {
            throw new CellFailedException(CellError.interrupted());
        }
        if (control.thrown() instanceof ExitRequest exit) {
            throw exit;
        }
        Outcome outcome = Outcome.NONE;
        for (SnippetEvent event : events) {
            places.add(event.snippet());
            if (event.snippet() instanceof DeclarationSnippet declared) {
                unresolved.put(declared.id(), declared);
            }
            if (event.causeSnippet() == null) {
                errors.check(event, control.thrown(), source, offset);
                outcome = outcome(event.snippet());
            }
        }
        Throwable thrown = control.thrown();
        if (thrown != null) {
            throw new CellFailedException(errors.runtime(thrown, null, source, offset));
        }
        return outcome;
    }

    private Outcome outcome(Snippet snippet) {
        boolean temporary = snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
        Outcome outcome = Outcome.NONE;
        if (temporary
                || (snippet instanceof ExpressionSnippet && snippet.subKind() != Snippet.SubKind.ASSIGNMENT_SUBKIND)) {
            outcome = new Outcome(true, control.value());
        }
        if (temporary && snippet instanceof VarSnippet) {
            // $1, $2, ...: nobody names them, and each would make every later compilation a little slower.
            shell.drop(snippet);
        }
        return outcome;
    }

    /** A declaration may precede what it needs; one still unusable at the end of the cell deserves a word. */
    private void noteUnresolved(Map<String, DeclarationSnippet> declared) {
        for (DeclarationSnippet snippet : declared.values()) {
            Snippet.Status status = shell.status(snippet);
            if (status == Snippet.Status.RECOVERABLE_DEFINED || status == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                System.err.println("Note: " + errors.unresolved(snippet));
            }
        }
    }

    private record Provider(CellControl control) implements ExecutionControlProvider {
        @Override
        public String name() {
            return "cells";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return control;
        }
    }
}
