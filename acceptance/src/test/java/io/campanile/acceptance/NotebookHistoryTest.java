package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The history of a notebook as a person uses it, with a second tab that looks on. */
final class NotebookHistoryTest extends BrowserJourney {
    private static final String FIRST = "int hours = 24;\nint days = 7;\nSystem.out.println(hours * days);";
    private static final String SECOND = "int hours = 24;\nint days = 365;\nSystem.out.println(hours * days);";

    /** The notebook of the first journey, which the others look at. */
    private static String address = "";

    @Test
    @Order(1)
    void aVersionIsNamedComparedRestoredAndTheRestoreUndone() throws Exception {
        newNotebook();
        address = page.url();
        rewrite(FIRST);
        nameTheNewest("First draft");
        page.keyboard().press("Escape");
        page.keyboard().press("Escape");
        rewrite(SECOND);
        addMarkdown("A note that came later");
        Page second = profile.newPage();
        second.navigate(address);
        assertThat(second.getByTestId("cell")).hasCount(2);

        openHistory();
        version("First draft").click();
        button("Everything since").click();
        Locator diff = page.getByTestId("history-diff");
        assertThat(diff.locator("[data-change=changed]")).hasCount(1);
        assertThat(diff.locator("[data-change=added]")).containsText("A note that came later");
        assertThat(diff.locator(".cm-mergeView .cm-content").first()).containsText("int days = 7;");
        assertThat(diff.locator(".cm-mergeView .cm-content").nth(1)).containsText("int days = 365;");
        Chromium.picture(page, "history-diff");
        button("Restore this version").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("you can undo this");
        Chromium.picture(page, "history-confirm");
        button("Restore").click();

        assertThat(page.getByTestId("cell")).hasCount(1);
        assertThat(page.getByTestId("cell")).containsText("int days = 7;");
        assertThat(second.getByTestId("cell")).hasCount(1);
        assertThat(second.getByTestId("cell")).containsText("int days = 7;");
        Chromium.picture(page, "history-restored");

        button("Undo").click();
        assertThat(second.getByTestId("cell")).hasCount(2);
        assertThat(second.getByTestId("cell").first()).containsText("int days = 365;");
        assertThat(second.getByTestId("cell").nth(1)).containsText("A note that came later");
    }

    @Test
    @Order(2)
    void theHistoryIsTheSameAfterAReload() throws Exception {
        page.navigate(address + "/history");

        Locator list = page.getByTestId("history-list");
        assertThat(list.locator("[data-kind=entry]").first()).containsText(Pattern.compile("Restored the version of"));
        assertThat(list.locator("[data-kind=entry]").nth(1)).containsText("Restored “First draft”");
        assertThat(version("First draft")).isVisible();
        assertThat(page.getByTestId("cell")).hasCount(2);
        button("Named versions").click();
        assertThat(list.getByRole(AriaRole.OPTION)).hasCount(1);
    }

    @Test
    @Order(3)
    void everythingIsReachedByKeyboardOnANarrowScreenToo() throws Exception {
        page.setViewportSize(480, 800);
        page.navigate(address);
        assertThat(page.getByTestId("cell").first()).isVisible();
        button("History").focus();
        page.keyboard().press("Enter");
        Locator options = page.getByTestId("history-list").getByRole(AriaRole.OPTION);
        assertThat(options.first()).isFocused();
        Chromium.picture(page, "history-narrow");

        page.keyboard().press("ArrowDown");
        assertThat(options.nth(1)).isFocused();
        page.keyboard().press("Enter");

        Locator diff = page.getByTestId("history-diff");
        assertThat(diff.locator("[data-change=changed] .cm-content")).hasCount(1);
        assertThat(diff.locator(".cm-deletedChunk").first()).isVisible();
        Chromium.picture(page, "history-narrow-diff");
        page.keyboard().press("Escape");
        assertThat(options.nth(1)).isFocused();
        page.keyboard().press("Escape");
        assertThat(button("History")).isFocused();
    }

    @Test
    @Order(4)
    void listAndVersionAreAccessibleInLightAndDark() throws Exception {
        inLightAndDark((seen, scheme) -> {
            seen.navigate(address + "/history");
            Locator list = seen.getByTestId("history-list");
            assertThat(list).isVisible();
            Accessibility.require(seen, "history-list", scheme);
            list.locator("[data-kind=entry]").first().click();
            assertThat(seen.locator("[data-change=changed] .cm-content").first())
                    .isVisible();
            Accessibility.require(seen, "history-version", scheme);
        });
    }

    /** Gives the first cell another text and waits until that is safe. */
    private void rewrite(String source) {
        firstCell();
        page.keyboard().press("Control+a");
        page.keyboard().insertText(source);
        saved();
    }

    private void addMarkdown(String text) {
        button("Text").click();
        Locator cell = page.getByTestId("cell").nth(1);
        assertThat(cell.locator(".cm-content")).isFocused();
        page.keyboard().insertText(text);
        saved();
    }

    private void saved() {
        assertThat(page.getByTestId("save-state")).hasAttribute("data-state", "saved");
    }

    private void openHistory() {
        button("History").click();
        assertThat(page.getByTestId("history-list")).isVisible();
    }

    private void nameTheNewest(String name) {
        openHistory();
        assertThat(page.getByTestId("history-list").getByRole(AriaRole.OPTION).first())
                .isFocused();
        page.keyboard().press("Enter");
        button("Name this version").click();
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(name);
        page.keyboard().press("Enter");
        assertThat(version(name)).isVisible();
        // The keys are in the list again: Escape leaves the version, then the history.
        version(name).focus();
    }

    private Locator version(String name) {
        return page.locator("[data-testid=history-list] [data-kind=version]")
                .filter(new Locator.FilterOptions().setHasText(name));
    }
}
