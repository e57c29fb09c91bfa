package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.databricks.sdk.service.compute.CreatePolicy;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A cluster's settings on the page: made in the form, changed as JSON, copied, and deleted. */
final class ComputeJourneyTest extends BrowserJourney {
    private static final Pattern CLUSTER = Pattern.compile(".*/compute/clusters/\\d{4}-[^/]+$");

    @Test
    @Order(1)
    void aClusterIsMadeInTheFormAndARefusalNamesTheSetting() throws Exception {
        page.navigate("/compute/clusters");
        button("New cluster").click();
        labeled(page, "Name").fill("Numbers");
        labeled(page, "Minutes of idleness").fill("20");
        page.getByText("Spark settings, environment and tags").click();
        Locator conf = labeled(page, "Spark settings");
        conf.fill("spark.sql.shuffle.partitions");
        assertThat(page.getByText("Line 1: write a name, a space and a value.")).isVisible();
        assertThat(button("Create cluster")).isDisabled();
        conf.fill("spark.plugins a.B");
        labeled(page, "Tags").fill("team=numbers");
        labeled(page, "Name").press("Enter");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("spark_conf.spark.plugins");
        Chromium.picture(page, "cluster-refused");

        conf.fill("spark.sql.shuffle.partitions 3");
        button("Create cluster").click();
        page.waitForURL(CLUSTER);
        assertThat(page.getByRole(AriaRole.HEADING).first()).hasText("Numbers");
        assertThat(page.getByText("20 minutes")).isVisible();
        assertThat(page.locator("dl")).containsText("\"spark.sql.shuffle.partitions\": \"3\"");
    }

    @Test
    @Order(2)
    void itsSettingsAreChangedAsJson() {
        open("Numbers");
        button("Stop Numbers").click();
        button("Stop cluster").click();
        assertThat(button("Start Numbers")).isVisible(within(90_000));
        actions("Numbers", "Edit");
        button("JSON").click();
        Locator json = labeled(page, "Settings as JSON");
        String settings = json.inputValue();
        json.fill(settings.substring(1));
        assertThat(page.getByText("This is not JSON")).isVisible();
        assertThat(button("Save")).isDisabled();
        json.fill(settings.replace("\"team\": \"numbers\"", "\"team\": \"figures\""));
        button("Form").click();
        assertThat(labeled(page, "Tags")).hasValue("team=figures");
        button("Save").click();
        page.waitForURL(CLUSTER);
        assertThat(page.locator("dl")).containsText("\"team\": \"figures\"");
        assertThat(page.locator("dl")).containsText("\"spark.sql.shuffle.partitions\": \"3\"");
    }

    @Test
    @Order(3)
    void itIsPinnedFoundByItsTagAndItsEventsSayWhatWasChanged() {
        page.navigate("/compute/clusters");
        button("Pin Numbers").click();
        assertThat(page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Pin Numbers").setPressed(true)))
                .isVisible();
        labeled(page, "Search clusters").fill("team=figures");
        page.getByText("Pinned only").click();
        link(page, "Numbers").click();
        page.waitForURL(CLUSTER);
        assertThat(page.getByText("Pinned by")).isVisible();
        link(page, "Events").click();
        labeled(page, "Event").selectOption("Edited");
        assertThat(page.getByRole(AriaRole.ROW)).hasCount(2);
        assertThat(page.getByRole(AriaRole.ROW).last()).containsText("custom_tags");
        labeled(page, "Cause").selectOption("A failure");
        assertThat(page.getByText("Nothing matches these filters.")).isVisible();
    }

    @Test
    @Order(4)
    void aCopyHasItsSettingsAndWhatIsDeletedIsGone() {
        open("Numbers");
        actions("Numbers", "Clone");
        assertThat(labeled(page, "Name")).hasValue("Copy of Numbers");
        assertThat(labeled(page, "Minutes of idleness")).hasValue("20");
        button("Cancel").click();
        assertThat(link(page, "Copy of Numbers")).hasCount(0);

        open("Numbers");
        actions("Numbers", "Delete");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByRole(AriaRole.TEXTBOX).fill("Numbers");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                .click();
        page.waitForURL(Pattern.compile(".*/compute/clusters$"));
        assertThat(link(page, "Numbers")).hasCount(0);
    }

    @Test
    @Order(5)
    void aPolicySetsWhatItFixesAndRefusesWhatItDoesNotAllow() throws Exception {
        Person.signIn(installation)
                .sdk()
                .clusterPolicies()
                .create(new CreatePolicy()
                        .setName("Short")
                        .setDefinition("{\"autotermination_minutes\":"
                                + "{\"type\": \"range\", \"maxValue\": 45, \"defaultValue\": 15},"
                                + "\"custom_tags.team\": {\"type\": \"fixed\", \"value\": \"short\"}}"));
        page.navigate("/compute/clusters/new");
        labeled(page, "Name").fill("Brief");
        labeled(page, "Policy").selectOption("Short");
        assertThat(labeled(page, "Minutes of idleness")).hasValue("15");
        assertThat(labeled(page, "Tags")).hasValue("team=short");
        labeled(page, "Minutes of idleness").fill("90");
        button("Create cluster").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("autotermination_minutes");
        Chromium.picture(page, "cluster-policy-refusal");
        labeled(page, "Policy").selectOption("No policy");
        assertThat(labeled(page, "Minutes of idleness")).hasValue("90");
        button("Cancel").click();
        page.waitForURL(Pattern.compile(".*/compute/clusters$"));
        assertThat(link(page, "Brief")).hasCount(0);
    }

    @Test
    @Order(6)
    void aPolicyIsTriedWhileItIsWrittenThenMadeAndGiven() throws Exception {
        page.navigate("/compute/clusters");
        link(page, "Policies").click();
        button("New policy").click();
        labeled(page, "Name").fill("Tried");
        labeled(page, "Rules").fill("{\"autotermination_minutes\": {\"type\": \"range\", \"maxValue\": 30}}");
        Locator trial = page.getByTestId("policy-trial");
        assertThat(trial).containsText("Refused");
        assertThat(trial).containsText("autotermination_minutes");
        Chromium.picture(page, "policy-refused");
        labeled(page, "Rules")
                .fill("{\"autotermination_minutes\": {\"type\": \"range\", \"maxValue\": 60},"
                        + " \"custom_tags.team\": {\"type\": \"fixed\", \"value\": \"tried\"}}");
        assertThat(trial).containsText("Allowed");
        assertThat(trial).containsText("custom_tags.team = tried");

        button("Create policy").click();
        page.waitForURL(Pattern.compile(".*/compute/policies/(?!new$)[^/]+$"));
        Locator picker = labeled(page, "Add people, groups or service principals");
        picker.fill("users");
        page.getByRole(AriaRole.LISTBOX).getByRole(AriaRole.OPTION).first().click();
        button("Add").click();
        assertThat(page.getByTestId("policy-users")).containsText("users");
        button("Delete").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByRole(AriaRole.TEXTBOX).fill("Tried");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                .click();
        page.waitForURL(Pattern.compile(".*/compute/policies$"));
        assertThat(link(page, "Tried")).hasCount(0);
        inLightAndDark((seen, scheme) -> {
            seen.navigate("/compute/policies/new");
            assertThat(seen.getByTestId("policy-trial")).containsText("Refused");
            Accessibility.require(seen, "policy-new", scheme);
        });
    }

    @Test
    @Order(7)
    void theFormIsFitForEverybody() throws Exception {
        inLightAndDark((seen, scheme) -> {
            seen.navigate("/compute/clusters/new");
            seen.getByText("Spark settings, environment and tags").click();
            labeled(seen, "Tags").fill("one");
            assertThat(seen.getByText("Line 1: write a name, an equals sign and a value."))
                    .isVisible();
            Accessibility.require(seen, "cluster-new", scheme);
            seen.setViewportSize(400, 800);
            Chromium.picture(seen, "cluster-new-narrow-" + scheme);
        });
    }

    private void open(String name) {
        page.navigate("/compute/clusters");
        link(page, name).click();
        page.waitForURL(CLUSTER);
    }

    private static IsVisibleOptions within(double millis) {
        return new IsVisibleOptions().setTimeout(millis);
    }
}
