package io.campanile.bench;

import com.microsoft.playwright.Locator;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.time.Duration;

/** A result of a million rows in its grid. */
final class GridBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String QUERY = "select id, id * 2 as twice, concat('row ', id) as name, id / 7 as part,"
            + " date_add(date'2020-01-01', cast(id % 3650 as int)) as day from range(1000000)";
    private static final String FRAMES =
            "async () => { const grid = document.querySelector('[data-testid=result-grid]');"
                    + " const times = await window.campanileProbe.frames(300, (i) => { grid.scrollTop %s; });"
                    + " return JSON.stringify(times); }";

    private final Figures figures;

    GridBench(Figures figures) {
        this.figures = figures;
    }

    void measure(PageBench.Ours ours, Person person) throws Exception {
        long notebook = person.newNotebook("/Shared/million");
        try (NotebookSocket socket = person.open(notebook)) {
            LineBench.succeeded(socket.ended(socket.run(socket.insertCell("SQL", QUERY)), LIMIT));
        }
        try (MeasuredPage page = ours.open(notebook)) {
            page.page()
                    .evaluate("() => window.campanileProbe.watch('row',"
                            + " '[data-testid=result-grid] [role=gridcell]')");
            page.await("() => window.campanileProbe.seen.row !== undefined");
            figures.row("1,000,000 rows: first draw after the first page came", page.number(firstDraw()), "ms", 100);
            page.awaitRest(1);
            double before = page.heapMegabytes();
            Times slow = page.times(FRAMES.formatted("+= 40"));
            figures.row("1,000,000 rows: scrolling by rows, frame p95", slow.p95(), "ms", 33);
            Times fast = page.times(FRAMES.formatted("= ((grid.scrollHeight - grid.clientHeight) * i) / 300"));
            figures.row("1,000,000 rows: scrolling through all, frame p95", fast.p95(), "ms", 33);
            lastRow(page);
            figures.row("1,000,000 rows: heap grown by scrolling", page.heapMegabytes() - before, "MB");
        }
    }

    /** From the end of the first page's answer to the painted row. */
    private static String firstDraw() {
        return "() => window.campanileProbe.seen.row - performance.getEntriesByType('resource')"
                + ".find((e) => e.name.includes('/rows?')).responseEnd";
    }

    private void lastRow(MeasuredPage page) {
        Locator grid = page.page().getByTestId("result-grid");
        page.page().evaluate("() => { document.querySelector('[data-testid=result-grid]').scrollTop = 0; }");
        grid.focus();
        page.page()
                .evaluate("() => window.campanileProbe.watch('last',"
                        + " '[data-testid=result-grid] [aria-rowindex=\"1000001\"] [role=gridcell]')");
        double pressed = page.number("() => performance.now()");
        page.page().keyboard().press("Control+End");
        page.await("() => window.campanileProbe.seen.last !== undefined");
        figures.row(
                "1,000,000 rows: Ctrl+End to the painted last row",
                page.number("() => window.campanileProbe.seen.last") - pressed,
                "ms");
        String id = page.page()
                .locator("[aria-rowindex=\"1000001\"] [role=gridcell]")
                .first()
                .textContent();
        if (!id.replaceAll("\\D", "").equals("999999")) {
            throw new IllegalStateException("The last row shows " + id);
        }
    }
}
