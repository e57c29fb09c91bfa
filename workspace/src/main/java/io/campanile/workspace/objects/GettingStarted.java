package io.campanile.workspace.objects;

import io.campanile.workspace.formats.Cell;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.SourceFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The tour every user finds in the home folder: a SOURCE file among the resources. */
public final class GettingStarted {
    static final String NAME = "Getting started";
    private static final String RESOURCE = "getting-started.java";

    private GettingStarted() {}

    /** The tour, with cell ids that are the same each time: making its document twice is making it once. */
    public static Notebook read() {
        try (InputStream file = Objects.requireNonNull(
                GettingStarted.class.getResourceAsStream("/io/campanile/workspace/" + RESOURCE), RESOURCE)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            Notebook notebook = SourceFormat.read(text, Language.JAVA);
            List<Cell> cells = new ArrayList<>();
            for (Cell cell : notebook.cells()) {
                cells.add(Cell.of("tour-" + (cells.size() + 1), cell.language(), cell.source(), cell.title()));
            }
            return new Notebook(notebook.language(), cells);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
