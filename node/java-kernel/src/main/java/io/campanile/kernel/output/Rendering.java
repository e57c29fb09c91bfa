package io.campanile.kernel.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.secrets.Redaction;
import io.campanile.kernel.wire.Json;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.common.Image;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/** Values as MIME bundles. Runs on the cell's thread, because {@code toString} is the user's code. */
public final class Rendering {
    private static final int MAX_TEXT = 1 << 20;
    private final Renderer images = new Renderer();
    private final ResultWriter results;
    private final Supplier<Path> resultsDirectory;
    private final Redaction redaction;

    public Rendering(ResultWriter results, Supplier<Path> resultsDirectory, Redaction redaction) {
        this.redaction = redaction;
        this.results = results;
        this.resultsDirectory = resultsDirectory;
        Image.registerAll(images);
    }

    /** For the value of a cell's last expression. */
    public ObjectNode result(@Nullable Object value) throws IOException {
        if (value instanceof Dataset<?> rows) {
            return dataset(rows);
        }
        if (value instanceof RenderedImage) {
            return image(value);
        }
        return text(redaction.of(plain(value)));
    }

    /** For {@code display(x)}: as a result, and tables of what has rows. */
    public ObjectNode display(@Nullable Object value) throws IOException {
        TextTable table = RowsOfValues.table(value, redaction);
        if (table == null) {
            return result(value);
        }
        return Json.object().put("text/plain", table.text()).put("text/html", table.html());
    }

    public static ObjectNode html(String html) {
        return Json.object().put("text/html", html).put("text/plain", "HTML (" + html.length() + " characters)");
    }

    public static ObjectNode markdown(String text) {
        return Json.object().put("text/markdown", text).put("text/plain", text);
    }

    private ObjectNode dataset(Dataset<?> rows) throws IOException {
        ObjectNode data = results.write(rows, resultsDirectory.get());
        return data == null ? Json.object().put("text/plain", "OK") : data;
    }

    private ObjectNode image(Object value) {
        DisplayData rendered = images.render(value);
        ObjectNode data = Json.object();
        for (String type : new String[] {"image/png", "image/jpeg", "image/svg+xml"}) {
            MIMEType mime = MIMEType.parse(type);
            if (rendered.hasDataForType(mime)) {
                data.put(type, String.valueOf(rendered.getData(mime)));
            }
        }
        RenderedImage image = (RenderedImage) value;
        return data.put("text/plain", "Image " + image.getWidth() + " x " + image.getHeight());
    }

    public static ObjectNode text(@Nullable Object value) {
        String text = plain(value);
        if (text.length() > MAX_TEXT) {
            text = text.substring(0, MAX_TEXT) + "... (" + text.length() + " characters)";
        }
        return Json.object().put("text/plain", text);
    }

    private static String plain(@Nullable Object value) {
        if (value == null || !value.getClass().isArray()) {
            return String.valueOf(value);
        }
        // deepToString prints every kind of array, but only inside an array of objects.
        String wrapped = Arrays.deepToString(new Object[] {value});
        return wrapped.substring(1, wrapped.length() - 1);
    }
}
