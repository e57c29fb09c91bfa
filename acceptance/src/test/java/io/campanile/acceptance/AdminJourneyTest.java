package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator does with people on the pages, and what those people see. */
@Tag("browser")
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AdminJourneyTest {
    private static final String GRACE = "grace@example.com";

    @TempDir
    static Path dataDir;

    private static Chromium chromium;
    private static Installation installation;

    private BrowserContext profile;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        chromium = Browsers.launch();
        installation = Installation.start(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        if (installation != null) {
            installation.close();
        }
        if (chromium != null) {
            chromium.close();
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

    @Test
    @Order(1)
    void aNewUserSignsInWithTheTemporaryPasswordAndSeesNoAdministration() throws Exception {
        page.navigate("/admin/users");
        button("New user").click();
        page.getByLabel("User name").fill(GRACE);
        page.getByLabel("Full name").fill("Grace Hopper");
        button("Create").click();
        Locator once = page.getByLabel("Temporary password", new Page.GetByLabelOptions().setExact(true));
        String temporary = once.inputValue();
        Chromium.picture(page, "admin-temporary-password");
        button("Done").click();
        assertThat(row("Grace Hopper")).containsText("Active");
        assertThat(page.content()).doesNotContain(temporary);

        try (BrowserContext own = chromium.profile(installation.url(), ColorScheme.LIGHT)) {
            Page hers = own.newPage();
            Newcomer.firstSignIn(hers, GRACE, temporary);
            assertThat(hers.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Workspace")))
                    .isVisible();
            assertThat(hers.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Admin")))
                    .hasCount(0);
            hers.navigate("/admin/users");
            assertThat(hers.getByRole(AriaRole.HEADING)).hasText("This page is for administrators");
            hers.navigate("/settings/user");
            assertThat(hers.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Sessions")))
                    .containsText("This one");
        }
    }

    @Test
    @Order(2)
    void aGroupIsMadeAndAMemberFoundByKeyboard() throws Exception {
        page.navigate("/admin/groups");
        button("New group").click();
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("analysts");
        page.keyboard().press("Enter");
        page.waitForURL(Pattern.compile(".*/admin/groups/\\d+"));
        Locator picker = page.getByRole(AriaRole.COMBOBOX);
        picker.click();
        page.keyboard().type("hop");
        assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
        page.keyboard().press("Enter");
        button("Add").click();
        assertThat(page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Members")))
                .containsText("Grace Hopper");
        page.getByLabel("Create clusters").check();
        page.reload();
        assertThat(page.getByLabel("Create clusters")).isChecked();
        Chromium.picture(page, "admin-group");
    }

    @Test
    @Order(3)
    void aServicePrincipalsSecretIsShownOnce() throws Exception {
        page.navigate("/admin/service-principals");
        button("New service principal").click();
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("nightly");
        page.keyboard().press("Enter");
        page.waitForURL(Pattern.compile(".*/admin/service-principals/\\d+"));
        button("New secret").click();
        button("Create").click();
        String secret = page.getByLabel("Secret", new Page.GetByLabelOptions().setExact(true))
                .inputValue();
        assertThat(secret).hasSizeGreaterThan(20);
        button("Done").click();
        assertThat(page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Secrets")))
                .containsText("Active");
        page.reload();
        assertThat(page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Secrets")))
                .containsText("Active");
        assertThat(page.content()).doesNotContain(secret);
        Chromium.picture(page, "admin-service-principal");
    }

    @Test
    @Order(4)
    void everyNewPageIsAccessibleInLightAndDark() throws Exception {
        page.navigate("/admin/users");
        String user = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Grace Hopper"))
                .getAttribute("href");
        page.navigate("/admin/groups");
        String group = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("analysts"))
                .getAttribute("href");
        page.navigate("/admin/service-principals");
        String principal = page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("nightly"))
                .getAttribute("href");
        List<String> pages = List.of(
                "/admin/users",
                user,
                "/admin/groups",
                group,
                "/admin/service-principals",
                principal,
                "/admin/audit",
                "/settings/user",
                "/settings/secrets",
                "/settings/tokens",
                "/browse/shared");
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (BrowserContext other = chromium.profile(installation.url(), scheme)) {
                Page seen = other.newPage();
                Chromium.signIn(seen, installation);
                for (String path : pages) {
                    seen.navigate(path);
                    assertThat(seen.getByRole(AriaRole.HEADING).first()).isVisible();
                    Accessibility.require(seen, "page" + path.replaceAll("[^a-z]+", "-"), scheme);
                }
            }
        }
    }

    @Test
    @Order(5)
    void theAuditLogSaysWhoDidWhat() throws Exception {
        page.navigate("/admin/audit?action=identity.user");
        Locator log = page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Audit log"));
        assertThat(log).containsText("identity.user.create");
        assertThat(log).not().containsText("identity.group.create");
        page.getByLabel("Outcome").selectOption("DENIED");
        assertThat(page).hasURL(Pattern.compile(".*outcome=DENIED.*"));
        var download = page.waitForDownload(
                () -> page.getByText("Export as JSON lines").click());
        assertThat(download.suggestedFilename()).isEqualTo("audit.jsonl");
    }

    @Test
    @Order(6)
    void aDeactivatedUserIsOutAndADeletedOneGone() throws Exception {
        try (BrowserContext own = chromium.profile(installation.url(), ColorScheme.LIGHT)) {
            Page hers = own.newPage();
            hers.navigate("/login");
            hers.getByTestId("login-user").fill(GRACE);
            hers.getByTestId("login-password").fill(Newcomer.PASSWORD);
            hers.getByTestId("login-password").press("Enter");
            hers.waitForURL(url -> !url.contains("/login"));

            page.navigate("/admin/users");
            actions("Grace Hopper", "Deactivate");
            assertThat(row("Grace Hopper")).containsText("Deactivated");
            hers.waitForCondition(() -> {
                hers.navigate("/browse");
                hers.waitForLoadState();
                return hers.getByTestId("login-user").isVisible();
            });
        }
        actions("Grace Hopper", "Delete");
        Locator delete =
                page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.BUTTON).last();
        assertThat(delete).isDisabled();
        page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX).fill(GRACE);
        delete.click();
        assertThat(row("Grace Hopper")).hasCount(0);
    }

    private Locator row(String name) {
        return page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(name));
    }

    private void actions(String name, String entry) {
        button("Actions for " + name).click();
        page.getByRole(
                        AriaRole.MENUITEM,
                        new Page.GetByRoleOptions().setName(entry).setExact(true))
                .click();
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
