package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What an administrator does with people on the pages, and what those people see. */
final class AdminJourneyTest extends BrowserJourney {
    private static final String GRACE = "grace@example.com";

    @Test
    @Order(1)
    void aNewUserSignsInWithTheTemporaryPasswordAndSeesNoAdministration() throws Exception {
        page.navigate("/admin/users");
        button("New user").click();
        page.getByLabel("User name").fill(GRACE);
        page.getByLabel("Full name").fill("Grace Hopper");
        button("Create").click();
        Locator once = labeled(page, "Temporary password");
        String temporary = once.inputValue();
        Chromium.picture(page, "admin-temporary-password");
        button("Done").click();
        assertThat(row("Grace Hopper")).containsText("Active");
        assertThat(page.content()).doesNotContain(temporary);

        try (BrowserContext own = chromium.profile(installation.url(), ColorScheme.LIGHT)) {
            Page hers = own.newPage();
            Newcomer.firstSignIn(hers, GRACE, temporary);
            assertThat(link(hers, "Workspace")).isVisible();
            assertThat(link(hers, "Admin")).hasCount(0);
            hers.navigate("/admin/users");
            assertThat(hers.getByRole(AriaRole.HEADING)).hasText("This page is for administrators");
            hers.navigate("/settings/user");
            assertThat(table(hers, "Sessions")).containsText("This one");
        }
    }

    @Test
    @Order(2)
    void aGroupIsMadeAndAMemberFoundByKeyboard() throws Exception {
        page.navigate("/admin/groups");
        button("New group").click();
        labeled(page, "Name").fill("analysts");
        page.keyboard().press("Enter");
        page.waitForURL(Pattern.compile(".*/admin/groups/\\d+"));
        Locator picker = page.getByRole(AriaRole.COMBOBOX);
        picker.click();
        page.keyboard().type("hop");
        assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
        page.keyboard().press("Enter");
        button("Add").click();
        assertThat(table(page, "Members")).containsText("Grace Hopper");
        // The box shows at once what was asked for: what is kept is what was answered.
        page.waitForResponse(
                answer -> answer.request().method().equals("PATCH") && answer.ok(),
                () -> page.getByLabel("Create clusters").check());
        page.reload();
        assertThat(page.getByLabel("Create clusters")).isChecked();
        Chromium.picture(page, "admin-group");
    }

    @Test
    @Order(3)
    void aServicePrincipalsSecretIsShownOnce() throws Exception {
        page.navigate("/admin/service-principals");
        button("New service principal").click();
        labeled(page, "Name").fill("nightly");
        page.keyboard().press("Enter");
        page.waitForURL(Pattern.compile(".*/admin/service-principals/\\d+"));
        button("New secret").click();
        button("Create").click();
        String secret = labeled(page, "Secret").inputValue();
        assertThat(secret).hasSizeGreaterThan(20);
        button("Done").click();
        assertThat(table(page, "Secrets")).containsText("Active");
        page.reload();
        assertThat(table(page, "Secrets")).containsText("Active");
        assertThat(page.content()).doesNotContain(secret);
        Chromium.picture(page, "admin-service-principal");
    }

    @Test
    @Order(4)
    void aWorkspaceIsMadeEnteredAndDeleted() throws Exception {
        page.navigate("/admin/workspaces");
        Locator kept = table(page, "Workspaces").locator("button[aria-disabled=true]");
        assertThat(kept).hasAccessibleDescription("The first workspace of an installation cannot be deleted.");
        kept.click(new Locator.ClickOptions().setForce(true));
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        button("New workspace").click();
        labeled(page, "Name").fill("Acme");
        page.getByLabel("Host name").fill("acme");
        button("Create").click();
        assertThat(labeled(page, "Token")).hasValue(Pattern.compile("dapi[0-9a-f]+"));
        button("Done").click();
        Locator entrance = link(page, "Acme");
        String address = entrance.getAttribute("href");
        assertThat(address).startsWith("http://acme.localhost:");
        Chromium.picture(page, "admin-workspaces");

        try (BrowserContext other = chromium.profile(installation.url(), ColorScheme.LIGHT)) {
            Page there = other.newPage();
            Chromium.signIn(there, installation, address);
            assertThat(link(there, "Admin")).isVisible();
            there.navigate(address + "admin/groups");
            assertThat(link(there, "admins")).isVisible();
            assertThat(link(there, "analysts")).hasCount(0);
            Chromium.picture(there, "another-workspace");

            button("Delete Acme").click();
            page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX).fill("Acme");
            page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.BUTTON).last().click();
            assertThat(row("Acme")).hasCount(0);
            there.waitForCondition(() -> there.navigate(address + "browse").status() == 404
                    || there.getByTestId("login-user").isVisible());
        }
    }

    @Test
    @Order(5)
    void theSecretsOfAScopeAreSharedWithAGroup() throws Exception {
        page.navigate("/settings/secrets");
        button("New scope").click();
        labeled(page, "Name").fill("warehouse");
        button("Create").click();
        button("Who may use warehouse").click();
        Locator picker = page.getByRole(AriaRole.COMBOBOX);
        assertThat(picker).isFocused();
        page.keyboard().type("analy");
        assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
        page.keyboard().press("Enter");
        button("Add").click();
        Locator grants = page.getByTestId("secret-grants").getByRole(AriaRole.LISTITEM);
        Locator analysts = grants.filter(new Locator.FilterOptions().setHasText("analysts"));
        assertThat(analysts).containsText("Can read");
        Chromium.picture(page, "secret-access");
        Accessibility.require(page, "secret-access", ColorScheme.LIGHT);

        button("analysts: Can read").click();
        page.getByRole(AriaRole.MENUITEMRADIO, new Page.GetByRoleOptions().setName("Can write"))
                .click();
        assertThat(analysts).containsText("Can write");
        button("analysts: Can write").click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Remove access"))
                .click();
        assertThat(analysts).hasCount(0);
    }

    @Test
    @Order(6)
    void everyNewPageIsAccessibleInLightAndDark() throws Exception {
        page.navigate("/admin/users");
        String user = link(page, "Grace Hopper").getAttribute("href");
        page.navigate("/admin/groups");
        String group = link(page, "analysts").getAttribute("href");
        page.navigate("/admin/service-principals");
        String principal = link(page, "nightly").getAttribute("href");
        List<String> pages = List.of(
                "/admin/users",
                user,
                "/admin/groups",
                group,
                "/admin/service-principals",
                principal,
                "/admin/workspaces",
                "/admin/audit",
                "/settings/user",
                "/settings/secrets",
                "/settings/tokens",
                "/browse/shared");
        inLightAndDark((seen, scheme) -> {
            for (String path : pages) {
                seen.navigate(path);
                assertThat(seen.getByRole(AriaRole.HEADING).first()).isVisible();
                Accessibility.require(seen, "page" + path.replaceAll("[^a-z]+", "-"), scheme);
            }
        });
    }

    @Test
    @Order(7)
    void theAuditLogSaysWhoDidWhat() throws Exception {
        page.navigate("/admin/audit?action=identity.user");
        Locator log = table(page, "Audit log");
        assertThat(log).containsText("identity.user.create");
        assertThat(log).not().containsText("identity.group.create");
        Locator more = page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(Pattern.compile("^Details of identity.user.create")))
                .first();
        assertThat(log).not().containsText("User number");
        more.press("Enter");
        assertThat(more).hasAttribute("aria-expanded", "true");
        assertThat(log).containsText("User number");
        page.setViewportSize(400, 800);
        assertThat(page.getByRole(AriaRole.TABLE)).hasCount(1);
        assertThat(log).containsText("User number");
        org.assertj.core.api.Assertions.assertThat(
                        (Integer) page.evaluate("() => { const box = document.querySelector('.table-box');"
                                + " return box.scrollWidth - box.clientWidth; }"))
                .as("what the table runs out of a narrow window by")
                .isZero();
        page.setViewportSize(1280, 860);
        page.getByLabel("Outcome").selectOption("DENIED");
        assertThat(page).hasURL(Pattern.compile(".*outcome=DENIED.*"));
        var download = page.waitForDownload(
                () -> page.getByText("Export as JSON lines").click());
        assertThat(download.suggestedFilename()).isEqualTo("audit.jsonl");
    }

    @Test
    @Order(8)
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
}
