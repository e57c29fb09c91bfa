package io.campanile.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume from its making to its end, on the page. */
final class VolumesJourneyTest extends BrowserJourney {
    private static final String FILES = "/explore/data/main/default/volumes/measurements";

    @TempDir
    Path folder;

    @Test
    @Order(1)
    void aVolumeIsMadeAndFilledAndItsFilesComeBackOut() throws Exception {
        page.navigate("/");
        link(page, "Catalog").click();
        button("Create volume").click();
        labeled(page, "Name").fill("Measurements");
        labeled(page, "Comment").fill("What the stations send");
        button("Create").click();
        page.waitForURL(Pattern.compile(".*" + FILES + "$"));
        Path odd = Files.writeString(folder.resolve("50 % & more?.csv"), "a,b\n");
        Path plain = Files.write(folder.resolve("plain.bin"), new byte[300_000]);

        page.getByLabel("Files to upload").setInputFiles(new Path[] {odd, plain});

        assertThat(row("50 % & more?.csv")).containsText("4 B");
        assertThat(row("plain.bin")).containsText("300 kB");
        var download = page.waitForDownload(() -> link(page, "50 % & more?.csv").click());
        assertThat(download.suggestedFilename()).isEqualTo("50 % & more?.csv");
        assertThat(Files.readString(download.path())).isEqualTo("a,b\n");
    }

    @Test
    @Order(2)
    void aFileThatIsThereIsReplacedOnlyWhenThatIsWanted() throws Exception {
        page.navigate(FILES);
        Path longer = Files.write(folder.resolve("plain.bin"), new byte[500_000]);

        page.getByLabel("Files to upload").setInputFiles(longer);
        Locator question = page.getByRole(AriaRole.DIALOG);
        assertThat(question).containsText("Replace “plain.bin”?");
        question.getByText("Cancel").click();
        assertThat(row("plain.bin")).containsText("300 kB");

        page.getByLabel("Files to upload").setInputFiles(longer);
        question.getByText("Replace", new Locator.GetByTextOptions().setExact(true))
                .click();
        assertThat(row("plain.bin")).containsText("500 kB");
    }

    @Test
    @Order(3)
    void foldersAreMadeEnteredAndDeletedWhenTheyAreEmpty() {
        page.navigate(FILES);
        button("New folder").click();
        labeled(page, "Name").fill("2026 old");
        button("Create").click();
        link(page, "2026 old").click();
        assertThat(page.getByText("Nothing is in here")).isVisible();
        assertThat(page).hasURL(Pattern.compile(".*path=2026%20old$"));
        page.getByLabel("Files to upload")
                .setInputFiles(new com.microsoft.playwright.options.FilePayload(
                        "in.txt", "text/plain", "x".getBytes(StandardCharsets.UTF_8)));
        assertThat(row("in.txt")).isVisible();
        page.reload();
        link(page, "measurements").click();

        delete("2026 old");
        assertThat(page.getByText(Pattern.compile("not empty"))).isVisible();
        link(page, "2026 old").click();
        delete("in.txt");
        assertThat(row("in.txt")).hasCount(0);
        link(page, "measurements").click();
        delete("2026 old");
        assertThat(row("2026 old")).hasCount(0);
    }

    @Test
    @Order(4)
    void thePagesAreForEverybodyAlsoWhereTheWindowIsNarrow() throws Exception {
        inLightAndDark((seen, scheme) -> {
            for (int width : List.of(1280, 400)) {
                seen.setViewportSize(width, 800);
                for (String path : List.of("/explore/data", FILES)) {
                    seen.navigate(path);
                    assertThat(seen.getByRole(AriaRole.TABLE)).isVisible();
                    String name = path.replaceAll("[^a-z]+", "-") + "-" + width;
                    Chromium.picture(seen, "volumes" + name + "-" + scheme);
                    Accessibility.require(seen, "volumes" + name, scheme);
                    assertThat(
                                    (Integer)
                                            seen.evaluate(
                                                    "() => document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth"))
                            .as("what %s runs out of %s px by", path, width)
                            .isZero();
                }
            }
        });
    }

    @Test
    @Order(5)
    void aVolumeIsRenamedWithItsFilesAndDeletedWithThem() {
        page.navigate("/explore/data");
        actions("measurements", "Rename");
        page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX).fill("kept");
        button("Rename").click();
        link(page, "kept").click();
        assertThat(row("plain.bin")).isVisible();

        page.navigate("/explore/data");
        actions("kept", "Delete");
        Locator question = page.getByRole(AriaRole.DIALOG);
        assertThat(question.getByRole(AriaRole.BUTTON).last()).isDisabled();
        question.getByRole(AriaRole.TEXTBOX).fill("kept");
        question.getByRole(AriaRole.BUTTON).last().click();
        assertThat(link(page, "kept")).hasCount(0);
        page.navigate(FILES.replace("measurements", "kept"));
        assertThat(page.getByText("Page not found")).isVisible();
    }

    private void delete(String name) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Delete " + name))
                .click();
        page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.BUTTON).last().click();
    }
}
