package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.campanile.common.testing.git.LocalGitServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository cloned, changed, pushed and pulled in the browser, with a conflict on the way. */
final class GitJourneyTest extends BrowserJourney {
    private static final String NOTEBOOK = """
            -- Databricks notebook source
            -- DBTITLE 1,Orders
            select 1 as one

            -- COMMAND ----------

            -- MAGIC %md
            -- MAGIC # What it is about
            """;

    /** The first clone of a process that has just started. */
    private static final double CLONED = 60_000;

    private static LocalGitServer git;

    @BeforeAll
    static void serve(@TempDir Path folder) throws Exception {
        git = new LocalGitServer(folder);
        git.make("shop");
        git.commit("shop", "main", Map.of("README.md", "# Shop\n", "etl/orders.sql", NOTEBOOK));
    }

    @AfterAll
    static void closeServer() {
        git.close();
    }

    @Test
    void aRepositoryIsClonedChangedPushedPulledAndMerged() throws Exception {
        cloned();
        Locator dialog = openGit();
        assertThat(dialog).containsText("No file has changes.");
        close(dialog);
        String folder = page.url();

        put("README.md", "# Shop\nA mistake\n");
        page.navigate(folder);
        discarded(openGit());
        put("README.md", "# Shop\nOur own line\n");
        page.navigate(folder);
        dialog = openGit();
        assertThat(dialog.getByRole(AriaRole.LIST)).containsText("README.md");
        assertThat(dialog.locator(".git-patch")).containsText("+Our own line");
        Accessibility.require(page, "git-changes", ColorScheme.LIGHT);
        dialog.getByLabel("Commit message").fill("Say more");
        button(dialog, "Commit and push").click();
        assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("Committed and pushed");
        assertThat(git.text("shop", "main", "README.md")).isEqualTo("# Shop\nOur own line\n");
        assertThat(git.text("shop", "main", "etl/orders.sql")).isEqualTo(NOTEBOOK);

        git.commit("shop", "main", Map.of("README.md", "# Shop\nTheirs\n"));
        button(dialog, "Pull").click();
        assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("Pulled");
        close(dialog);
        conflicted(folder);
        secretsStayed();
    }

    private void cloned() {
        page.navigate("/browse");
        button("Create").click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Git folder"))
                .click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Address").fill(git.url("shop"));
        dialog.getByLabel("User name at the provider").fill(LocalGitServer.USER);
        dialog.getByLabel("Access token").fill(LocalGitServer.TOKEN);
        button(dialog, "Clone").click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("shop")))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(CLONED));
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("README.md")))
                .isVisible();
    }

    private void discarded(Locator dialog) {
        button(dialog, "Discard…").click();
        Locator question = page.getByRole(AriaRole.DIALOG).last();
        assertThat(question).containsText("cannot be brought back");
        button(question, "Discard").click();
        assertThat(page.getByText("No file has changes.")).isVisible();
    }

    private void conflicted(String folder) throws Exception {
        put("README.md", "# Shop\nOurs again\n");
        page.navigate(folder);
        Locator dialog = openGit();
        dialog.getByLabel("Commit message").fill("Another line");
        button(dialog, "Commit").click();
        assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("Committed");
        git.commit("shop", "main", Map.of("README.md", "# Shop\nTheirs again\n"));
        button(dialog, "Pull").click();
        assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("1 file in conflict");
        Locator merged = dialog.getByLabel("Text of README.md");
        assertThat(merged).hasValue(Pattern.compile("<<<<<<<.*Ours again.*Theirs again", Pattern.DOTALL));
        Accessibility.require(page, "git-conflict", ColorScheme.LIGHT);
        merged.fill("# Shop\nBoth\n");
        button(dialog, "Take this text").click();
        button(dialog, "Complete the merge").click();
        assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("Merged");
        button(dialog, "Push").click();
        assertThat(dialog.getByRole(AriaRole.STATUS)).containsText("Pushed");
        assertThat(git.text("shop", "main", "README.md")).isEqualTo("# Shop\nBoth\n");
        assertThat(git.text("shop", "main", "etl/orders.sql")).isEqualTo(NOTEBOOK);
    }

    /** The token is in no log of the installation. */
    private static void secretsStayed() throws Exception {
        try (var logs = Files.walk(installation.dataDir().resolve("logs"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1))
                        .doesNotContain(LocalGitServer.TOKEN);
            }
        }
    }

    private static void put(String name, String text) throws Exception {
        String user = installation.admin().path("user").asText();
        Person.signIn(installation)
                .sdk()
                .workspace()
                .importContent(new Import()
                        .setPath("/Repos/" + user + "/shop/" + name)
                        .setFormat(ImportFormat.RAW)
                        .setOverwrite(true)
                        .setContent(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }

    private Locator openGit() {
        button("Git").click();
        return page.getByRole(AriaRole.DIALOG);
    }

    private static void close(Locator dialog) {
        button(dialog, "Close").click();
        assertThat(dialog).hasCount(0);
    }

    private static Locator button(Locator in, String name) {
        return in.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }
}
