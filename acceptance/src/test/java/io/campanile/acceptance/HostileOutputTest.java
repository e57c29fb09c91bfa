package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A corpus of hostile text cells and outputs, brought in as a file and shown in a real browser: no script of theirs runs
 * in the application, no request of theirs leaves, and the notebook stays usable. Every address of the corpus has the
 * word "pwn" in it, and whatever runs sets {@code pwned}.
 */
final class HostileOutputTest extends BrowserJourney {
    private static final int CELLS_OF_A_NOTEBOOK = 10;
    private static final double SETTLED = 750;

    private final List<String> seen = new ArrayList<>();

    @Test
    void nothingInANotebookActsOnThePageOrCallsTheApi() throws Exception {
        JsonNode corpus = Installation.JSON.readTree(HostileOutputTest.class.getResource("hostile-outputs.json"));
        assertThat(corpus.size()).isGreaterThan(150);
        Person person = Person.signIn(installation);
        watch();
        for (int first = 0; first < corpus.size(); first += CELLS_OF_A_NOTEBOOK) {
            List<JsonNode> some = new ArrayList<>();
            for (int i = first; i < Math.min(corpus.size(), first + CELLS_OF_A_NOTEBOOK); i++) {
                some.add(corpus.get(i));
            }
            show(person, some);
        }
        assertThat(profile.request().get("/api/campanile/v1/me").status())
                .as("the session of the reader")
                .isEqualTo(200);
        assertThat(seen).isEmpty();
    }

    /** The other test would pass as well if nobody looked. */
    @Test
    void whatAScriptOfThePageDoesIsSeen() throws Exception {
        Person person = Person.signIn(installation);
        watch();
        page.addInitScript("if (location.pathname.startsWith('/editor')) { window.pwned = 1;"
                + " fetch('/api/2.0/token/list?pwn'); fetch('http://evil.test/').catch(() => {}); }");
        show(person, List.of(Installation.JSON.readTree("{\"mime\":\"cell/markdown\",\"content\":\"x\"}")));
        assertThat(seen)
                .anyMatch(what -> what.contains("/api/2.0/token/list?pwn"))
                .anyMatch(what -> what.contains("a script in the application"));
    }

    private void watch() {
        profile.route(
                address -> !address.startsWith(installation.url() + "/")
                        && !address.startsWith("data:")
                        && !address.startsWith("blob:"),
                route -> {
                    seen.add("a request to " + route.request().url());
                    route.abort();
                });
        profile.onRequest(request -> {
            if (request.url().startsWith("http") && request.url().contains("pwn")) {
                seen.add("a request to " + request.url());
            }
        });
        profile.onDialog(dialog -> {
            seen.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onPopup(popup -> seen.add("a window: " + popup.url()));
    }

    /** A notebook of these cells, opened; what it did is in {@code seen} with the names of its cells. */
    private void show(Person person, List<JsonNode> some) throws Exception {
        int before = seen.size();
        String path = "/Shared/hostile " + System.nanoTime();
        person.sdk()
                .workspace()
                .importContent(new com.databricks.sdk.service.workspace.Import()
                        .setPath(path)
                        .setFormat(com.databricks.sdk.service.workspace.ImportFormat.JUPYTER)
                        .setContent(Base64.getEncoder()
                                .encodeToString(notebook(some).toString().getBytes(StandardCharsets.UTF_8))));
        long id = person.sdk().workspace().getStatus(path).getObjectId();
        page.navigate("/editor/notebooks/" + id);
        page.getByTestId("cell").nth(some.size() - 1).waitFor();
        page.waitForFunction("() => document.querySelector('.markdown-raw') === null");
        // That nothing happens cannot be awaited: what wants to act has this long after everything is drawn.
        page.waitForTimeout(SETTLED);
        if (Boolean.TRUE.equals(page.evaluate("() => 'pwned' in window"))) {
            seen.add("a script in the application");
        }
        for (Frame frame : page.frames()) {
            if (frame != page.mainFrame() && Boolean.TRUE.equals(frame.evaluate("() => 'pwned' in window"))) {
                seen.add("a script in a frame at " + frame.url());
            }
        }
        assertThat(page.getByTestId("cell").count()).as(names(some)).isEqualTo(some.size());
        for (int i = before; i < seen.size(); i++) {
            seen.set(i, seen.get(i) + " of one of " + names(some));
        }
    }

    private static String names(List<JsonNode> some) {
        return some.stream().map(one -> one.path("name").asText()).toList().toString();
    }

    private static ObjectNode notebook(List<JsonNode> some) {
        ObjectNode notebook =
                Installation.JSON.createObjectNode().put("nbformat", 4).put("nbformat_minor", 5);
        notebook.putObject("metadata").putObject("language_info").put("name", "java");
        ArrayNode cells = notebook.putArray("cells");
        some.forEach(one -> cells.add(cell(one)));
        return notebook;
    }

    private static ObjectNode cell(JsonNode payload) {
        String mime = payload.path("mime").asText();
        JsonNode content = payload.path("content");
        ObjectNode cell = Installation.JSON.createObjectNode();
        cell.putObject("metadata");
        if (mime.equals("cell/markdown")) {
            cell.put("cell_type", "markdown").set("source", content);
            return cell;
        }
        cell.put("cell_type", "code").put("source", "1 + 1").put("execution_count", 1);
        ObjectNode output = cell.putArray("outputs").addObject();
        switch (mime) {
            case "output/stream" ->
                output.put("output_type", "stream").put("name", "stdout").set("text", content);
            case "output/error" -> {
                output.put("output_type", "error").set("ename", content);
                output.set("evalue", content);
                output.putArray("traceback").add(content);
            }
            default -> {
                output.put("output_type", "display_data").putObject("metadata");
                output.putObject("data").set(mime, content);
            }
        }
        return cell;
    }
}
