package io.campanile.launcher.large;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Files of imports, and bodies made of them, without having them in memory. */
final class LargeFiles {
    private final Path folder;

    LargeFiles(Path folder) {
        this.folder = folder;
    }

    /** Writes some of a file. */
    interface Writing {
        void write(OutputStream out) throws IOException;
    }

    Path file(String name, Writing writing) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            writing.write(out);
        }
        return file;
    }

    /** A notebook of about that many bytes: pictures, tables and printing, as large notebooks have them. */
    Path notebook(String name, long bytes) throws IOException {
        return file(name, out -> {
            Random random = new Random(95);
            try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out)) {
                json.writeStartObject();
                json.writeArrayFieldStart("cells");
                byte[] picture = new byte[300_000];
                for (int i = 0; i * 421_000L < bytes; i++) {
                    random.nextBytes(picture);
                    json.writeRawValue(cell(i, Base64.getEncoder().encodeToString(picture)));
                }
                json.writeEndArray();
                json.writeRaw(",\"metadata\":{\"kernelspec\":{\"display_name\":\"Mine\",\"language\":\"python\","
                        + "\"name\":\"venv\"}},\"nbformat\":4,\"nbformat_minor\":5");
                json.writeEndObject();
            }
        });
    }

    private static String cell(int number, String picture) {
        String rows = "<tr><td>" + number + "</td><td>\\u00e9</td></tr>";
        return "{\"cell_type\":\"code\",\"execution_count\":" + (number + 1) + ",\"id\":\"c" + number
                + "\",\"metadata\":{\"tags\":[\"t" + number + "\"]},\"outputs\":["
                + "{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"line\\n\"},"
                + "{\"output_type\":\"display_data\",\"data\":{\"image/png\":\"" + picture
                + "\",\"text/html\":\"<table>" + rows.repeat(600) + "</table>\"},\"metadata\":{}}],"
                + "\"source\":[\"x = " + number + "\\n\",\"plot(x)\"]}";
    }

    /** The body of an import of a file. */
    Path body(String name, String path, Path content) throws IOException {
        return file(name, out -> {
            out.write(("{\"path\":" + Json.write(path) + ",\"format\":\"JUPYTER\",\"content\":\"")
                    .getBytes(StandardCharsets.UTF_8));
            OutputStream open = new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    out.write(one);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    out.write(bytes, from, length);
                }
            };
            try (OutputStream encoded = Base64.getEncoder().wrap(open)) {
                Files.copy(content, encoded);
            }
            out.write("\"}".getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The cells of a notebook as digests, one at a time in memory. */
    static List<Integer> cells(Path notebook) throws IOException {
        List<Integer> cells = new ArrayList<>();
        try (InputStream in = Files.newInputStream(notebook);
                JsonParser json = Json.MAPPER.getFactory().createParser(in)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = json.currentName().equals("cells");
                json.nextToken();
                while (list && json.nextToken() != JsonToken.END_ARRAY) {
                    cells.add(Json.MAPPER.<JsonNode>readTree(json).hashCode());
                }
                if (!list) {
                    json.skipChildren();
                }
            }
        }
        return cells;
    }
}
