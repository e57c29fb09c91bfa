package io.campanile.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.acceptance.Installation;
import java.util.function.IntFunction;

/** Notebooks in Jupyter's format, the same for us and for the peer. */
final class NotebookFiles {
    private NotebookFiles() {}

    /** Every fifth cell is Markdown; the others are a few lines of code, every second one with ten printed lines. */
    static String mixed(int cells, String language) {
        return file(cells, language, number -> number % 5 == 4 ? text(number) : code(number));
    }

    /** Cells of one source, without outputs. */
    static String same(int cells, String language, String source) {
        return file(cells, language, number -> codeCell(source));
    }

    private static String file(int cells, String language, IntFunction<ObjectNode> cell) {
        ObjectNode file =
                Installation.JSON.createObjectNode().put("nbformat", 4).put("nbformat_minor", 4);
        ObjectNode metadata = file.putObject("metadata");
        metadata.putObject("language_info").put("name", language);
        if (language.equals("python")) {
            metadata.putObject("kernelspec").put("name", "python3").put("display_name", "Python 3");
        }
        ArrayNode all = file.putArray("cells");
        for (int number = 0; number < cells; number++) {
            all.add(cell.apply(number));
        }
        return file.toString();
    }

    private static ObjectNode text(int number) {
        ObjectNode cell = Installation.JSON.createObjectNode().put("cell_type", "markdown");
        cell.put(
                "source", "## Part " + number + "\n\nSome words with *emphasis* and `code` about part " + number + ".");
        cell.putObject("metadata");
        return cell;
    }

    private static ObjectNode code(int number) {
        ObjectNode cell =
                codeCell("total = " + number + " * 2;\nname = \"cell \" + \"" + number + "\";\nlimit = total + 1;");
        if (number % 2 == 0) {
            ObjectNode output = ((ArrayNode) cell.path("outputs")).addObject();
            output.put("output_type", "stream").put("name", "stdout");
            output.put("text", ("line of cell " + number + "\n").repeat(10));
        }
        return cell;
    }

    private static ObjectNode codeCell(String source) {
        ObjectNode cell = Installation.JSON.createObjectNode().put("cell_type", "code");
        cell.put("source", source).putNull("execution_count");
        cell.putObject("metadata");
        cell.putArray("outputs");
        return cell;
    }
}
