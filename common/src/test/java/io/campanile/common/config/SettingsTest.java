package io.campanile.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    private static final Kitchen DEFAULTS =
            new Kitchen(2, 1024, false, Duration.ofSeconds(5), Set.of(), Optional.empty(), new Oven(200, "gas"));

    @TempDir
    Path folder;

    record Oven(int heat, String fuel) {}

    record Lock(Path key, int pins) {}

    record Kitchen(
            int hotPlates,
            long fridge,
            boolean open,
            Duration patience,
            Set<String> cooks,
            Optional<Lock> lock,
            Oven oven) {
        Kitchen {
            if (hotPlates < 1) {
                throw new IllegalArgumentException("kitchen.hot-plates must be at least 1");
            }
        }
    }

    @Test
    void withoutAnythingSetTheDefaultsStand() {
        Settings settings = Settings.load(folder.resolve("none"), Map.of("PATH", "/bin"), List.of("kitchen"));

        assertThat(settings.over("kitchen", DEFAULTS)).isEqualTo(DEFAULTS);
        settings.requireAllKnown();
    }

    @Test
    void theFileIsLaidOverTheDefaultsAndTheEnvironmentOverTheFile() throws Exception {
        Path file = file("""
                kitchen.hot-plates = 4
                kitchen.fridge = 10 MiB
                kitchen.open = true
                kitchen.patience = 250 ms
                kitchen.cooks = Ann, bob,
                kitchen.oven.heat = 180
                kitchen.lock.key = /etc/key
                kitchen.lock.pins = 6
                """);

        Settings settings = Settings.load(file, Map.of("CAMPANILE_KITCHEN_HOT_PLATES", "5"), List.of("kitchen"));

        assertThat(settings.over("kitchen", DEFAULTS))
                .isEqualTo(new Kitchen(
                        5,
                        10 << 20,
                        true,
                        Duration.ofMillis(250),
                        Set.of("ann", "bob"),
                        Optional.of(new Lock(Path.of("/etc/key"), 6)),
                        new Oven(180, "gas")));
        settings.requireAllKnown();
    }

    @Test
    void aWrongValueIsNamedWithItsSourceAndWhatItMayBe() throws Exception {
        Path file = file("kitchen.patience = soon");

        assertThatThrownBy(
                        () -> Settings.load(file, Map.of(), List.of("kitchen")).over("kitchen", DEFAULTS))
                .isInstanceOf(SettingsException.class)
                .hasMessage("kitchen.patience in " + file
                        + " must be a time with its unit, such as 500 ms, 30 s, 5 m, 2 h or 7 d, not 'soon'");
        assertThatThrownBy(() -> environment("CAMPANILE_KITCHEN_HOT_PLATES", "many"))
                .hasMessage("kitchen.hot-plates in the environment must be a whole number, not 'many'");
        assertThatThrownBy(() -> environment("CAMPANILE_KITCHEN_HOT_PLATES", "0"))
                .hasMessage("The settings of kitchen cannot be used: kitchen.hot-plates must be at least 1");
        assertThatThrownBy(() -> environment("CAMPANILE_KITCHEN_FRIDGE", "1 TB"))
                .hasMessageContaining("10 MiB");
        assertThatThrownBy(() -> environment("CAMPANILE_KITCHEN_FRIDGE", "999999999999999 GiB"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("less than");
        assertThatThrownBy(() -> environment("CAMPANILE_KITCHEN_OPEN", "yes")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> environment("CAMPANILE_KITCHEN_LOCK_PINS", "3"))
                .hasMessage("kitchen.lock.key must be set together with kitchen.lock.pins");
    }

    @Test
    void anUnknownNameThatIsNearToNoneHasNoneSuggested() throws Exception {
        Path file = file("nonsense");

        Settings settings = Settings.load(file, Map.of(), List.of("kitchen"));
        settings.over("kitchen", DEFAULTS);

        assertThatThrownBy(settings::requireAllKnown).hasMessage("Unknown setting nonsense in " + file);
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesTheNearest() throws Exception {
        Path file = file("kitchen.hotplates = 4");

        Settings inFile = Settings.load(file, Map.of(), List.of("kitchen"));
        inFile.over("kitchen", DEFAULTS);
        assertThatThrownBy(inFile::requireAllKnown)
                .hasMessage("Unknown setting kitchen.hotplates in " + file + "; did you mean kitchen.hot-plates?");
        Settings inEnvironment = Settings.load(
                folder.resolve("none"),
                Map.of("CAMPANILE_KITCHEN_COOK", "x", "CAMPANILE_HOME", "/y"),
                List.of("kitchen"));
        inEnvironment.over("kitchen", DEFAULTS);
        assertThatThrownBy(inEnvironment::requireAllKnown)
                .hasMessage("Unknown setting CAMPANILE_KITCHEN_COOK in the environment; did you mean"
                        + " CAMPANILE_KITCHEN_COOKS?");
    }

    private Kitchen environment(String name, String value) {
        return Settings.load(folder.resolve("none"), Map.of(name, value), List.of("kitchen"))
                .over("kitchen", DEFAULTS);
    }

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("campanile.properties"), text);
    }
}
