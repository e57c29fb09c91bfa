package io.campanile.notebooks.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.notebooks.runs.SessionRuns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outputs of a command put together: clears carried out, updates applied. */
final class CommandOutput {
    private static final String TABLE = "application/vnd.campanile.result.v1+json";

    private final List<Piece> pieces = new ArrayList<>();
    private final Map<String, Integer> displays = new HashMap<>();
    private final boolean cut;
    private @Nullable JsonNode error;
    private boolean clearNext;

    /** Printed text, or a MIME bundle. */
    private record Piece(String text, @Nullable JsonNode bundle) {}

    CommandOutput(SessionRuns.Printed printed) {
        cut = printed.cut();
        printed.outputs().forEach(this::add);
    }

    private void add(JsonNode output) {
        String kind = output.path("kind").asText();
        if (kind.equals("clear")) {
            clearNext = true;
            if (!output.path("wait").asBoolean()) {
                clear();
            }
            return;
        }
        if (clearNext) {
            clear();
        }
        switch (kind) {
            case "stream" -> pieces.add(new Piece(output.path("text").asText(), null));
            case "elided" -> pieces.add(new Piece("\n[" + output.path("bytes").asLong() + " bytes left out]\n", null));
            case "display", "result" -> show(output);
            case "update_display" -> update(output);
            case "error" -> error = output;
            default -> {
                // Nothing to look at.
            }
        }
    }

    private void clear() {
        clearNext = false;
        pieces.clear();
        displays.clear();
    }

    private void show(JsonNode output) {
        JsonNode bundle = output.path("data");
        if (output.hasNonNull("display_id")) {
            displays.put(output.path("display_id").asText(), pieces.size());
        }
        pieces.add(new Piece(bundle.path("text/plain").asText(), bundle));
    }

    private void update(JsonNode output) {
        Integer place = displays.get(output.path("display_id").asText());
        if (place != null) {
            JsonNode bundle = output.path("data");
            pieces.set(place, new Piece(bundle.path("text/plain").asText(), bundle));
        }
    }

    /** Something was left out. */
    boolean cut() {
        return cut;
    }

    @Nullable
    JsonNode error() {
        return error;
    }

    /** The last stored table. */
    Optional<String> table() {
        String last = null;
        for (Piece piece : pieces) {
            JsonNode bundle = piece.bundle();
            String id =
                    bundle == null ? null : bundle.path(TABLE).path("result_id").textValue();
            last = id == null ? last : id;
        }
        return Optional.ofNullable(last);
    }

    /** Every image as a data URL. */
    List<String> images() {
        List<String> images = new ArrayList<>();
        for (Piece piece : pieces) {
            image(piece.bundle()).ifPresent(images::add);
        }
        return images;
    }

    private static Optional<String> image(@Nullable JsonNode bundle) {
        if (bundle == null) {
            return Optional.empty();
        }
        for (String type : List.of("image/png", "image/jpeg")) {
            if (bundle.hasNonNull(type)) {
                return Optional.of(
                        "data:" + type + ";base64," + bundle.path(type).asText().replaceAll("\\s", ""));
            }
        }
        if (!bundle.hasNonNull("image/svg+xml")) {
            return Optional.empty();
        }
        byte[] drawing = bundle.path("image/svg+xml").asText().getBytes(StandardCharsets.UTF_8);
        return Optional.of("data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(drawing));
    }

    /** What was printed, and values as text, each on a line of its own. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece.bundle() != null && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
                text.append('\n');
            }
            text.append(piece.text());
        }
        return text.toString();
    }
}
