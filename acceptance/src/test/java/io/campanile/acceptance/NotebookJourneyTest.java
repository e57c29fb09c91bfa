package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a new user does, in a real browser against a real installation. */
final class NotebookJourneyTest extends BrowserJourney {
    private static final double COLD = 180_000;
    private static final double WARM = 60_000;

    @Test
    @Order(1)
    void aNewUserRunsTheGettingStartedNotebook() throws Exception {
        assertThat(page.getByText("Getting started").first()).isVisible();
        Chromium.picture(page, "home");
        page.getByText("Getting started").first().click();
        page.waitForURL(Pattern.compile(".*/editor/notebooks/\\d+.*"));
        Locator cells = page.getByTestId("cell");
        assertThat(cells.first()).isVisible();
        Chromium.picture(page, "getting-started");

        Locator java = page.locator("[data-testid=cell][data-cell-type=code]").first();
        java.click();
        page.keyboard().press("Shift+Enter");

        assertThat(page.getByTestId("compute-state")).hasAttribute("data-state", Pattern.compile("starting|running"));
        assertThat(java).hasAttribute("data-state", "ok", new LocatorAssertions.HasAttributeOptions().setTimeout(COLD));
        Chromium.picture(page, "first-result");
    }

    @Test
    @Order(2)
    void anSqlCellShowsAGridWithTypesSortAndAChart() throws Exception {
        newNotebook();
        Locator cell = type(
                "%sql\nselect origin, count(*) as flights, avg(delay) as delay from samples.flights group by origin");
        page.keyboard().press("Control+Enter");
        ended(cell, "ok", COLD);

        Locator grid = cell.getByTestId("result-grid");
        assertThat(grid).isVisible();
        assertThat(grid).containsText("origin");
        grid.getByRole(AriaRole.COLUMNHEADER, new Locator.GetByRoleOptions().setName(Pattern.compile("flights")))
                .first()
                .click();
        Locator flights = grid.locator("[aria-rowindex='2'] [role=gridcell]").nth(1);
        assertThat(flights).hasText("1");
        grid.getByRole(AriaRole.COLUMNHEADER, new Locator.GetByRoleOptions().setName(Pattern.compile("flights")))
                .first()
                .getByRole(AriaRole.BUTTON)
                .click();
        assertThat(flights).not().hasText("1");
        Chromium.picture(page, "sql-grid");
        cell.getByRole(AriaRole.TAB, new Locator.GetByRoleOptions().setName("Chart"))
                .click();
        assertThat(cell.locator("canvas, svg.chart, [data-testid=chart]").first())
                .isVisible();
        Chromium.picture(page, "sql-chart");
    }

    @Test
    @Order(3)
    void anErrorShowsItsMessageFirst() throws Exception {
        newNotebook();
        Locator cell = type("int ok = 1;\nint broken = \"text\";");
        page.keyboard().press("Control+Enter");
        ended(cell, "error", COLD);

        assertThat(cell.getByTestId("cell-output").first()).containsText("incompatible types");
        assertThat(cell).containsText(Pattern.compile("[Ll]ine 2"));
        Chromium.picture(page, "error");
    }

    @Test
    @Order(4)
    void aLongCellShowsProgressAndStopsAtOnce() throws Exception {
        newNotebook();
        Locator cell = type("spark.range(0, 400_000_000_000L, 1, 200).selectExpr(\"sum(hash(id))\").collectAsList()");
        page.keyboard().press("Control+Enter");
        ended(cell, "running", COLD);
        assertThat(cell.getByRole(AriaRole.PROGRESSBAR).first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(WARM));
        Chromium.picture(page, "progress");

        cell.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Stop"))
                .first()
                .click();

        ended(cell, "canceled", 10_000);
        Chromium.picture(page, "canceled");
    }

    @Test
    @Order(5)
    void everyLineIsThereAfterTheTabWasClosedInTheMiddle() throws Exception {
        newNotebook();
        String address = page.url();
        Locator cell = type("for (int i = 0; i < 300; i++) { System.out.println(\"line \" + i); Thread.sleep(20); }");
        page.keyboard().press("Control+Enter");
        assertThat(cell.getByTestId("cell-output").first())
                .containsText("line 5", new LocatorAssertions.ContainsTextOptions().setTimeout(COLD));
        page.close();

        page = profile.newPage();
        page.navigate(address);
        Locator again = page.getByTestId("cell").first();
        ended(again, "ok", WARM);

        String shown = again.getByTestId("cell-output").first().innerText();
        List<String> lines =
                shown.lines().filter(line -> line.startsWith("line ")).toList();
        assertThat(lines)
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> "line " + i).collect(Collectors.toList()));
    }

    @Test
    @Order(6)
    void whatWasTypedIsThereAfterTheControlPlaneWasKilled() throws Exception {
        newNotebook();
        String address = page.url();
        type("// kept across a kill");
        assertThat(page.getByTestId("save-state")).containsText(Pattern.compile("Saved"));

        assertThat(installation.kill("control-plane")).isEqualTo(1);
        page.keyboard().type(" and typed while nobody was there");
        installation.up();

        assertThat(page.getByTestId("save-state"))
                .containsText(Pattern.compile("Saved"), new LocatorAssertions.ContainsTextOptions().setTimeout(WARM));
        Page second = profile.newPage();
        second.navigate(address);
        assertThat(second.getByTestId("cell").first())
                .containsText("// kept across a kill and typed while nobody was there");
    }

    @Test
    @Order(7)
    void everyPageIsAccessibleInLightAndDark() throws Exception {
        JsonNode home = Person.signIn(installation).get("/api/campanile/v1/home");
        String notebook = "/editor/notebooks/"
                + home.path("getting_started").path("object_id").asLong();
        List<String> pages = List.of(
                "/",
                "/browse",
                notebook,
                "/compute/clusters",
                "/settings/tokens",
                "/settings/appearance",
                "/jobs",
                "/nowhere");
        inLightAndDark((seen, scheme) -> {
            for (String path : pages) {
                seen.navigate(path);
                assertThat(seen.getByRole(AriaRole.MAIN)).isVisible();
                if (path.equals(notebook)) {
                    assertThat(seen.getByTestId("cell").first()).isVisible();
                }
                Accessibility.require(seen, "page" + path.replaceAll("[^a-z]+", "-"), scheme);
            }
            seen.context().clearCookies();
            seen.navigate("/login");
            assertThat(seen.getByTestId("login-user")).isVisible();
            Accessibility.require(seen, "page-login", scheme);
        });
    }

    /** Types into the first cell of the open notebook. */
    private Locator type(String source) {
        Locator cell = firstCell();
        page.keyboard().insertText(source);
        return cell;
    }

    private static void ended(Locator cell, String state, double limit) {
        assertThat(cell)
                .hasAttribute("data-state", state, new LocatorAssertions.HasAttributeOptions().setTimeout(limit));
    }
}
