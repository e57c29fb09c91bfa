package io.campanile.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitUntilState;
import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An open notebook page and what the probe in it has seen. The browser profile is new: nothing is cached. */
final class MeasuredPage implements AutoCloseable {
    private static final double LIMIT = 120_000;
    /** No long task for so long: the page has done what it does when it opens. */
    private static final int QUIET_MILLIS = 1_500;

    private static final String TYPED =
            "value = other + some words that are typed one after the other at a steady pace ";

    private final BrowserContext profile;
    private final Site site;
    private final Page page;

    private MeasuredPage(BrowserContext profile, Site site, Page page) {
        this.profile = profile;
        this.site = site;
        this.page = page;
    }

    /** Opens the address; its first cell is painted when this returns. */
    static MeasuredPage open(BrowserContext profile, Site site, String address) throws IOException {
        profile.addInitScript(site.probe());
        Page page = profile.newPage();
        page.navigate(address, new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        MeasuredPage opened = new MeasuredPage(profile, site, page);
        opened.await("() => window.campanileProbe?.seen.cell !== undefined");
        return opened;
    }

    Page page() {
        return page;
    }

    /** Returns when a condition holds in the page. */
    void await(String condition) {
        page.waitForFunction(condition, null, new Page.WaitForFunctionOptions().setTimeout(LIMIT));
    }

    /** Milliseconds from the navigation to the painted first cell. */
    double firstCell() {
        return number("() => window.campanileProbe.seen.cell");
    }

    /** Returns when so many cells are in the page and it has come to rest. */
    void awaitRest(int cells) throws IOException {
        await("() => document.querySelectorAll(" + Installation.JSON.writeValueAsString(site.cell()) + ").length >= "
                + cells);
        await("() => { const tasks = window.campanileProbe.longTasks; const last = tasks.at(-1) ?? [0, 0];"
                + " return performance.now() - last[0] - last[1] > " + QUIET_MILLIS + "; }");
    }

    /** What long tasks took beyond 50 ms each, since the navigation. */
    double blockedMillis() {
        return number(
                "() => window.campanileProbe.longTasks.reduce((sum, [, took]) => sum + Math.max(0, took - 50), 0)");
    }

    /** Scripts and their bytes on the wire, those loaded before the first cell was painted or those after. */
    List<Script> scripts(boolean beforeFirstCell) throws IOException {
        String json = (String) page.evaluate("() => JSON.stringify(performance.getEntriesByType('resource')"
                + ".filter((e) => new URL(e.name).pathname.endsWith('.js') && e.initiatorType !== 'fetch')"
                + ".map((e) => ({ url: e.name, bytes: e.encodedBodySize, end: e.responseEnd })))");
        List<Script> scripts = new ArrayList<>();
        for (JsonNode script : Installation.JSON.readTree(json)) {
            if (script.path("end").asDouble() <= firstCell() == beforeFirstCell) {
                scripts.add(new Script(
                        script.path("url").asText(), script.path("bytes").asLong()));
            }
        }
        return scripts;
    }

    record Script(String url, long bytes) {}

    /** Types into the first code cell in a steady pace; each key's way to the painted character. */
    Times type() {
        page.locator(site.source()).first().click();
        page.locator(site.editor()).first().waitFor();
        page.keyboard().press("Control+End");
        page.evaluate("() => { window.campanileProbe.keys.length = 0; }");
        page.keyboard().type(TYPED, new Keyboard.TypeOptions().setDelay(70));
        await("() => window.campanileProbe.keys.length >= " + TYPED.length());
        return times("() => JSON.stringify(window.campanileProbe.keys)");
    }

    /** Shift+Enter through cells that have no output yet; each press's way to the painted output. */
    Times runThrough(int warmUp, int cells) {
        page.locator(site.source()).first().click();
        for (int pressed = 1; pressed <= warmUp + cells; pressed++) {
            page.keyboard().press("Shift+Enter");
            await("() => window.campanileProbe.runs.length === " + pressed);
        }
        return times("() => JSON.stringify(window.campanileProbe.runs.slice(" + warmUp + "))");
    }

    /** Milliseconds between the frames of an expression's {@code probe.frames(...)}. */
    Times times(String expression) {
        try {
            List<Double> values = new ArrayList<>();
            Installation.JSON
                    .readTree((String) page.evaluate(expression))
                    .forEach(value -> values.add(value.asDouble()));
            return Times.of(values);
        } catch (IOException e) {
            throw new IllegalStateException("The probe answered what is no list", e);
        }
    }

    double number(String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }

    /** Bytes of JavaScript objects in use after a collection, in MB. */
    double heapMegabytes() {
        CDPSession session = profile.newCDPSession(page);
        session.send("HeapProfiler.collectGarbage");
        JsonObject usage = session.send("Runtime.getHeapUsage");
        session.detach();
        return usage.get("usedSize").getAsDouble() / 1e6;
    }

    @Override
    public void close() {
        profile.close();
    }
}
