package io.campanile.bench;

import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import io.campanile.acceptance.Chromium;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The notebook page in the distribution's Chromium, beside the budgets of the page and beside the classic notebook. */
final class PageBench {
    private static final int OPENINGS = 5;
    private static final int RUNS = 30;
    private static final int WARM_UP = 10;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path folder;
    private final Figures figures;

    PageBench(Path folder, Figures figures) {
        this.folder = folder;
        this.figures = figures;
    }

    void run() throws Exception {
        if (Chromium.program().isEmpty()) {
            figures.skip("bench page", "Chromium is not installed (Debian: apt-get install chromium)");
            return;
        }
        Installation installation = Installation.start(folder.resolve("data"));
        try (Chromium chromium = Chromium.launch()) {
            Person person = Person.signIn(installation);
            Ours ours = new Ours(installation, person, chromium);
            figures.title("The notebook page");
            Opened opened = notebooks(ours);
            Times click = clicks(ours);
            new GridBench(figures).measure(ours, person);
            if (!chromium.complaints().isEmpty()) {
                throw new IllegalStateException("Our pages wrote errors: " + chromium.complaints());
            }
            new ClassicPeer(folder, chromium, figures).measure(opened, click);
            figures.skip("JupyterLab as peer", "it is in no Debian release and comes from PyPI alone");
        } finally {
            installation.close();
        }
    }

    /** What the peer is compared with: 500 cells, in milliseconds. */
    record Opened(double firstCell, double blocked, Times typing) {}

    /** Our pages, opened by a person who is signed in and whose browser has nothing of ours. */
    record Ours(Installation installation, Person person, Chromium chromium) {
        MeasuredPage open(long notebook) throws IOException {
            BrowserContext profile = chromium.profile(installation.url(), ColorScheme.LIGHT);
            String[] cookie = person.cookie().split("=", 2);
            profile.addCookies(List.of(new Cookie(cookie[0], cookie[1]).setUrl(installation.url())));
            return MeasuredPage.open(profile, Site.CAMPANILE, "/editor/notebooks/" + notebook);
        }

        long notebook(String name, String file) {
            String path = "/Shared/" + name;
            person.sdk()
                    .workspace()
                    .importContent(new Import()
                            .setPath(path)
                            .setFormat(ImportFormat.JUPYTER)
                            .setContent(Base64.getEncoder().encodeToString(file.getBytes(StandardCharsets.UTF_8))));
            return person.sdk().workspace().getStatus(path).getObjectId();
        }
    }

    private Opened notebooks(Ours ours) throws Exception {
        Opened small = notebook(ours, 10);
        Opened middle = notebook(ours, 500);
        Opened large = notebook(ours, 1000);
        figures.row("keystroke to paint p50, 1,000 cells : 10 cells", ratio(large, small), "x", 1.2);
        figures.row("first cell, 1,000 cells : 10 cells", large.firstCell() / small.firstCell(), "x", 2);
        return middle;
    }

    private static double ratio(Opened one, Opened other) {
        return one.typing().p50() / other.typing().p50();
    }

    private Opened notebook(Ours ours, int cells) throws Exception {
        long notebook = ours.notebook("cells-" + cells, NotebookFiles.mixed(cells, "java"));
        Times first = new Times();
        Times blocked = new Times();
        for (int opening = 1; opening < OPENINGS; opening++) {
            try (MeasuredPage page = ours.open(notebook)) {
                page.awaitRest(cells);
                first.add(page.firstCell());
                blocked.add(page.blockedMillis());
            }
        }
        try (MeasuredPage page = ours.open(notebook)) {
            page.awaitRest(cells);
            first.add(page.firstCell());
            blocked.add(page.blockedMillis());
            if (cells == 500) {
                scripts(ours, page);
                figures.row("first cell painted, 500 cells, cold: p50 of " + OPENINGS, first.p50(), "ms", 1500);
                figures.row("first cell painted, 500 cells, cold: worst", first.max(), "ms");
                figures.row("total blocking time, 500 cells: p50 of " + OPENINGS, blocked.p50(), "ms", 300);
            }
            Times typing = page.type();
            figures.row("keystroke to paint, " + cells + " cells: p50 of " + typing.count(), typing.p50(), "ms", 25);
            figures.row("keystroke to paint, " + cells + " cells: p95", typing.p95(), "ms", 60);
            if (cells == 1000) {
                figures.row("first cell painted, 1,000 cells, cold: p50 of " + OPENINGS, first.p50(), "ms");
                scrolling(page);
                figures.row("JavaScript heap, 1,000 cells", page.heapMegabytes(), "MB", 40);
            }
            return new Opened(first.p50(), blocked.p50(), typing);
        }
    }

    /** By the clock, as the browser got them; what is static and what is lazy the build tells (web/tools/sizes.mjs). */
    private void scripts(Ours ours, MeasuredPage page) throws Exception {
        figures.row("JavaScript before the first cell, gz", gzipped(ours, page.scripts(true)), "kB", 260);
        figures.row("JavaScript before the first cell, as sent", sent(page.scripts(true)), "kB");
        figures.row("JavaScript loaded after it, gz", gzipped(ours, page.scripts(false)), "kB", 120);
    }

    private static double sent(List<MeasuredPage.Script> scripts) {
        return scripts.stream().mapToLong(MeasuredPage.Script::bytes).sum() / 1000.0;
    }

    private static double gzipped(Ours ours, List<MeasuredPage.Script> scripts) throws Exception {
        long sum = 0;
        for (MeasuredPage.Script script : scripts) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                String path = URI.create(script.url()).getPath();
                gzip.write(ours.person().text(path).getBytes(StandardCharsets.UTF_8));
            }
            sum += bytes.size();
        }
        return sum / 1000.0;
    }

    /** From the first to the last cell in three hundred frames. */
    private void scrolling(MeasuredPage page) {
        Times frames = page.times("async () => { const s = document.querySelector('[data-testid=notebook-scroller]');"
                + " const times = await window.campanileProbe.frames(300, (i) => {"
                + " s.scrollTop = ((s.scrollHeight - s.clientHeight) * i) / 300; });"
                + " return JSON.stringify(times); }");
        figures.row("scrolling through 1,000 cells: frames over 50 ms", frames.percentAbove(50), "%", 5);
        figures.row("scrolling through 1,000 cells: frame p95", frames.p95(), "ms");
    }

    /** On a cluster that runs, with a kernel that has warmed up. */
    private Times clicks(Ours ours) throws Exception {
        long notebook = ours.notebook("clicks", NotebookFiles.same(WARM_UP + RUNS + 1, "java", "1+1"));
        try (NotebookSocket socket = ours.person().open(notebook)) {
            String cell = socket.insertCell("JAVA", "int warm = 1;");
            LineBench.succeeded(socket.ended(socket.run(cell), LIMIT));
        }
        try (MeasuredPage page = ours.open(notebook)) {
            page.awaitRest(WARM_UP + RUNS + 1);
            Times times = page.runThrough(WARM_UP, RUNS);
            figures.row("Shift+Enter to painted 1+1: p50 of " + RUNS, times.p50(), "ms");
            figures.row("Shift+Enter to painted 1+1: p95", times.p95(), "ms");
            return times;
        }
    }
}
