package io.campanile.bench;

import com.microsoft.playwright.options.ColorScheme;
import io.campanile.acceptance.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;

/** The classic Jupyter notebook page of the distribution with the same notebooks, in the same browser. */
final class ClassicPeer {
    private static final String PEER = "classic notebook page as peer";
    private static final int OPENINGS = 3;
    private static final int RUNS = 30;
    private static final int WARM_UP = 10;

    private final Path folder;
    private final Chromium chromium;
    private final Figures figures;

    ClassicPeer(Path folder, Chromium chromium, Figures figures) {
        this.folder = folder;
        this.chromium = chromium;
        this.figures = figures;
    }

    void measure(PageBench.Opened ours, Times click) throws Exception {
        if (JupyterPeer.missing().isPresent()) {
            figures.skip(PEER, JupyterPeer.missing().get());
            return;
        }
        try (JupyterPeer jupyter = JupyterPeer.start(Files.createDirectories(folder.resolve("jupyter")))) {
            Files.writeString(jupyter.files().resolve("cells.ipynb"), NotebookFiles.mixed(500, "python"));
            Files.writeString(
                    jupyter.files().resolve("clicks.ipynb"), NotebookFiles.same(WARM_UP + RUNS + 1, "python", "1+1"));
            opening(jupyter, ours);
            try (MeasuredPage page = open(jupyter, "clicks")) {
                page.awaitRest(WARM_UP + RUNS + 1);
                page.await("() => document.querySelector('.kernel_idle_icon') !== null");
                Times times = page.runThrough(WARM_UP, RUNS);
                figures.row("classic: Shift+Enter to painted 1+1: p50 of " + RUNS, times.p50(), "ms");
                figures.row("Shift+Enter to painted 1+1, ours : classic", click.p50() / times.p50(), "x");
            }
        }
    }

    private void opening(JupyterPeer jupyter, PageBench.Opened ours) throws Exception {
        Times first = new Times();
        Times blocked = new Times();
        Times typing = new Times();
        for (int opening = 0; opening < OPENINGS; opening++) {
            try (MeasuredPage page = open(jupyter, "cells")) {
                page.awaitRest(500);
                first.add(page.firstCell());
                blocked.add(page.blockedMillis());
                typing = opening == OPENINGS - 1 ? page.type() : typing;
            }
        }
        figures.row("classic: first cell painted, 500 cells, cold: p50 of " + OPENINGS, first.p50(), "ms");
        figures.row("first cell painted, ours : classic", ours.firstCell() / first.p50(), "x");
        figures.row("classic: total blocking time, 500 cells", blocked.p50(), "ms");
        figures.row("total blocking time, ours : classic", ours.blocked() / blocked.p50(), "x");
        figures.row("classic: keystroke to paint, 500 cells: p50", typing.p50(), "ms");
        figures.row("classic: keystroke to paint, 500 cells: p95", typing.p95(), "ms");
        figures.row("keystroke to paint p50, ours : classic", ours.typing().p50() / typing.p50(), "x");
    }

    private MeasuredPage open(JupyterPeer jupyter, String notebook) throws Exception {
        return MeasuredPage.open(
                chromium.profile(jupyter.url(""), ColorScheme.LIGHT),
                Site.CLASSIC,
                jupyter.url("/notebooks/" + notebook + ".ipynb"));
    }
}
