package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;

/** The installation of all journeys and, for every test, a page where its administrator is signed in. */
@Tag("browser")
@Tag("slow")
@OnSharedInstallation
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class BrowserJourney {
    static Chromium chromium;
    static Installation installation;

    BrowserContext profile;
    Page page;

    /** What this class has opened; the fields still know what the class before had. */
    private static final Deque<AutoCloseable> OPENED = new ArrayDeque<>();

    @BeforeAll
    static void start(Installation shared) throws Exception {
        installation = shared;
        chromium = Browsers.launch();
        OPENED.push(chromium);
    }

    @AfterAll
    static void stop() throws Exception {
        while (!OPENED.isEmpty()) {
            OPENED.pop().close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        profile = chromium.profile(installation.url(), ColorScheme.LIGHT);
        page = profile.newPage();
        Chromium.signIn(page, installation);
    }

    @AfterEach
    void close() {
        profile.close();
    }

    /** What a page is looked at for. */
    interface Look {
        void at(Page page, ColorScheme scheme) throws Exception;
    }

    /** Looks as the administrator, in light and in dark. */
    static void inLightAndDark(Look look) throws Exception {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (BrowserContext other = chromium.profile(installation.url(), scheme)) {
                Page seen = other.newPage();
                Chromium.signIn(seen, installation);
                look.at(seen, scheme);
            }
        }
    }

    Locator button(String name) {
        return button(page, name);
    }

    static Locator button(Page seen, String name) {
        return seen.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator link(Page seen, String name) {
        return seen.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
    }

    static Locator table(Page seen, String name) {
        return seen.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName(name));
    }

    static Locator labeled(Page seen, String label) {
        return seen.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    /** The row of a table that has this text. */
    Locator row(String text) {
        return page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(text));
    }

    /** Chooses an entry of a row's menu. */
    void actions(String name, String entry) {
        button("Actions for " + name).click();
        page.getByRole(
                        AriaRole.MENUITEM,
                        new Page.GetByRoleOptions().setName(entry).setExact(true))
                .click();
    }

    void newNotebook() {
        page.navigate("/browse");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^New")))
                .first()
                .click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Notebook"))
                .click();
        page.waitForURL(Pattern.compile(".*/editor/notebooks/\\d+.*"));
        assertThat(page.getByTestId("cell").first()).isVisible();
    }

    /** Opens the first cell of the notebook for typing. */
    Locator firstCell() {
        Locator cell = page.getByTestId("cell").first();
        cell.click();
        assertThat(cell.locator(".cm-content")).isVisible();
        cell.locator(".cm-content").click();
        return cell;
    }
}
