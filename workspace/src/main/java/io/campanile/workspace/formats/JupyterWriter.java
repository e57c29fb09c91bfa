package io.campanile.workspace.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.JsonStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes an .ipynb file cell by cell; what a stream refuses to take ends the writing. */
public final class JupyterWriter implements NotebookSink, AutoCloseable {
    private final JsonGenerator json;
    private final Trimmings trimmings;
    private final String name;
    private @Nullable Language language;

    /**
     * @param trimmings what the file it came from had
     * @param name of the notebook
     * @param indented as Jupyter writes it; otherwise as short as can be
     */
    public JupyterWriter(OutputStream out, Trimmings trimmings, String name, boolean indented) throws IOException {
        this.trimmings = trimmings;
        this.name = name;
        this.json = JsonStream.to(out);
        if (indented) {
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
            printer.indentObjectsWith(new DefaultIndenter(" ", "\n"));
            printer.indentArraysWith(new DefaultIndenter(" ", "\n"));
            json.setPrettyPrinter(printer);
        }
    }

    @Override
    public void language(Language of) throws IOException {
        language = of;
        json.writeStartObject();
        json.writeArrayFieldStart("cells");
    }

    @Override
    public void cell(Cell cell) throws IOException {
        ObjectNode node = JupyterFormat.node(cell, known());
        JupyterTrimmings.putBack(node, cell, trimmings.cells().get(cell.id()));
        JsonStream.write(json, node);
    }

    /** Writes what stands behind the cells. */
    public void finish() throws IOException {
        json.writeEndArray();
        json.writeFieldName("metadata");
        JsonStream.write(json, JupyterFormat.metadata(known(), trimmings, name));
        json.writeNumberField("nbformat", 4);
        json.writeNumberField("nbformat_minor", 5);
        json.writeEndObject();
        json.flush();
    }

    private Language known() {
        if (language == null) {
            throw new IllegalStateException("The language comes before the cells");
        }
        return language;
    }

    /** What was not finished stays unfinished: no bracket is closed by itself. */
    @Override
    public void close() throws IOException {
        if (json.getOutputContext().inRoot()) {
            json.close();
        }
    }
}
