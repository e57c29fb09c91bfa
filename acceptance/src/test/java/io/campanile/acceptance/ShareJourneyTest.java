package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.databricks.sdk.service.iam.ComplexValue;
import com.databricks.sdk.service.iam.Group;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A folder is shared with a group; a member finds it, edits in it, and loses it again. */
final class ShareJourneyTest extends BrowserJourney {
    private static Newcomer ada;
    private static String home = "";
    private static long folder;
    private static long notebook;

    @BeforeAll
    static void share() throws Exception {
        Person admin = Person.signIn(installation);
        ada = Newcomer.arrive(chromium, installation, admin, "ada@example.com", "Ada Lovelace");
        admin.sdk()
                .groups()
                .create(new Group()
                        .setDisplayName("engines")
                        .setMembers(List.of(new ComplexValue().setValue(Long.toString(ada.userId())))));
        home = "/Users/" + installation.admin().path("user").asText();
        admin.sdk().workspace().mkdirs(home + "/Plans");
        folder = admin.sdk().workspace().getStatus(home + "/Plans").getObjectId();
        notebook = admin.newNotebook(home + "/Plans/Looms");
    }

    @AfterAll
    static void leave() {
        if (ada != null) {
            ada.close();
        }
    }

    @Test
    @Order(1)
    void aFolderIsSharedWithAGroupByKeyboard() throws Exception {
        page.navigate("/browse/folders/" + folder);
        button(page, "Share").click();
        Locator picker = page.getByRole(AriaRole.COMBOBOX);
        assertThat(picker).isFocused();
        page.keyboard().type("engin");
        assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
        Chromium.picture(page, "share-search");
        page.keyboard().press("Enter");
        assertThat(picker).isFocused();
        button(page, "Add").click();
        assertThat(holder(page, "engines")).containsText("Can edit");
        assertThat(holder(page, "admins")).containsText("Administrators manage everything");
        Chromium.picture(page, "share-folder");
    }

    @Test
    @Order(2)
    void aMemberFindsItAndEdits() throws Exception {
        Page hers = ada.page();
        hers.navigate("/browse/shared");
        hers.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Plans"))
                .click();
        hers.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Looms"))
                .click();
        addText(hers, "Written by Ada");

        page.navigate("/editor/notebooks/" + notebook);
        assertThat(page.getByTestId("cell").last()).containsText("Written by Ada");
        button(page, "Share").click();
        assertThat(holder(page, "engines")).containsText("From " + home + "/Plans");
        assertThat(holder(page, "engines").getByRole(AriaRole.BUTTON)).hasCount(0);
        Chromium.picture(page, "share-inherited");
    }

    @Test
    @Order(3)
    void nobodyShutsHimselfOut() throws Exception {
        page.navigate("/editor/notebooks/" + notebook);
        button(page, "Share").click();
        page.getByRole(AriaRole.COMBOBOX).fill("lovelace");
        assertThat(page.getByRole(AriaRole.OPTION)).hasCount(1);
        page.keyboard().press("Enter");
        button(page, "What they can do: Can edit").click();
        page.getByRole(AriaRole.MENUITEMRADIO, new Page.GetByRoleOptions().setName("Can manage"))
                .click();
        button(page, "Add").click();
        assertThat(holder(page, "Ada Lovelace")).containsText("Can manage");

        Page hers = ada.page();
        hers.navigate("/editor/notebooks/" + notebook);
        button(hers, "Share").click();
        assertThat(holder(hers, "Ada Lovelace")).containsText("your only right to manage");
        assertThat(holder(hers, "Ada Lovelace").getByRole(AriaRole.BUTTON)).hasCount(0);
        Chromium.picture(hers, "share-own-right");
    }

    @Test
    @Order(4)
    void whatIsTakenAwayIsGone() throws Exception {
        page.navigate("/editor/notebooks/" + notebook);
        button(page, "Share").click();
        choose("Ada Lovelace: Can manage", AriaRole.MENUITEM, "Remove access");
        assertThat(holder(page, "Ada Lovelace")).hasCount(0);
        page.navigate("/browse/folders/" + folder);
        button(page, "Share").click();
        choose("engines: Can edit", AriaRole.MENUITEMRADIO, "Can view");
        assertThat(holder(page, "engines")).containsText("Can view");

        Page hers = ada.page();
        // What somebody may do is remembered for seconds: it is asked for until it is what it is now.
        hers.waitForCondition(
                () -> {
                    hers.navigate("/editor/notebooks/" + notebook);
                    assertThat(hers.getByTestId("cell").first()).isVisible();
                    return hers.getByText("View only").isVisible();
                },
                new Page.WaitForConditionOptions().setTimeout(10_000));

        choose("engines: Can view", AriaRole.MENUITEM, "Remove access");
        assertThat(holder(page, "engines")).hasCount(0);
        hers.navigate("/browse/shared");
        assertThat(hers.getByText("Nothing is shared with you yet")).isVisible();
    }

    @Test
    @Order(5)
    void theDialogIsAccessibleInLightAndDark() throws Exception {
        inLightAndDark((seen, scheme) -> {
            seen.navigate("/browse/folders/" + folder);
            button(seen, "Share").click();
            assertThat(holder(seen, "admins")).isVisible();
            seen.getByRole(AriaRole.COMBOBOX).fill("a");
            assertThat(seen.getByRole(AriaRole.OPTION).first()).isVisible();
            Accessibility.require(seen, "share-dialog", scheme);
        });
    }

    private void choose(String menu, AriaRole role, String entry) {
        button(page, menu).click();
        page.getByRole(role, new Page.GetByRoleOptions().setName(entry).setExact(true))
                .click();
    }

    private static void addText(Page hers, String text) {
        hers.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Text").setExact(true))
                .first()
                .click();
        assertThat(hers.locator(".cm-content:focus")).isVisible();
        hers.keyboard().insertText(text);
        assertThat(hers.getByTestId("save-state")).hasAttribute("data-state", "saved");
    }

    private static Locator holder(Page seen, String name) {
        return seen.getByTestId("share-list")
                .getByRole(AriaRole.LISTITEM)
                .filter(new Locator.FilterOptions().setHasText(name));
    }
}
