package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;

/** WCAG 2.2 AA, as far as axe can tell. */
final class Accessibility {
    private Accessibility() {}

    /** Fails on any violation of what is shown now; the picture stays. */
    static void require(Page page, String name, ColorScheme scheme) throws Exception {
        var results = new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                .analyze();
        Chromium.picture(page, name + "-" + scheme.name().toLowerCase(Locale.ROOT));
        assertThat(results.getViolations().stream()
                        .map(rule ->
                                rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                        .toList())
                .as("axe on %s in %s", name, scheme)
                .isEmpty();
    }
}
