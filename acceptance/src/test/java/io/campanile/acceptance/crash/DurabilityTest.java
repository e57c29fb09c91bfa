package io.campanile.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.acceptance.Installation;
import io.campanile.acceptance.OnOwnInstallation;
import io.campanile.acceptance.Person;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G3: nothing that was acknowledged is lost or doubled when processes are killed, whichever they are. */
@Tag("slow")
@OnOwnInstallation
final class DurabilityTest {
    private static final int ROUNDS = Integer.getInteger("campanile.crash.rounds", 4);
    private static final int WRITES = Integer.getInteger("campanile.crash.writes", 300);
    private static final List<List<String>> VICTIMS =
            List.of(List.of("control-plane"), List.of("postgres"), List.of("control-plane", "postgres"));

    @TempDir
    Path dataDir;

    @Test
    void everythingAcknowledgedIsThereOnceAndInOrderAfterEveryKill() throws Exception {
        long seed = System.nanoTime();
        long began = System.nanoTime();
        Random random = new Random(seed);
        Patience patience = new Patience();
        try (Installation installation = Installation.start(dataDir);
                Writers writers = writers(installation, patience)) {
            for (int round = 0; round < ROUNDS; round++) {
                List<String> victims = VICTIMS.get(round % VICTIMS.size());
                writers.work();
                writers.awaitAcknowledged(writers.acknowledged() + WRITES);
                // Somewhere within the requests of that moment.
                TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
                for (String victim : victims) {
                    assertThat(installation.kill(victim))
                            .as("killed %s", victim)
                            .isEqualTo(1);
                }
                installation.up();
                writers.awaitAcknowledged(writers.acknowledged() + WRITES / 10);
                writers.rest();
                writers.verify(false);
            }
            writers.verify(true);
            System.out.printf(
                    "G3: %d acknowledged operations (%s), %d kills -9, 0 lost, 0 doubled; %d asked again; %d s; seed %d%n",
                    writers.acknowledged(),
                    writers.tally(),
                    ROUNDS,
                    patience.retries(),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
                    seed);
        }
    }

    private Writers writers(Installation installation, Patience patience) throws Exception {
        Person person = Person.signIn(installation);
        String url = installation.url();
        String token = installation.admin().path("token").asText();
        person.sdk().workspace().mkdirs("/Shared/crash");
        return new Writers(List.of(
                new FolderWriter(new Rest(url, token, patience), "/Shared/crash/folders"),
                new ImportWriter(new Rest(url, token, patience), "/Shared/crash/imports"),
                new TokenWriter(new Rest(url, token, patience), url),
                new EditWriter(person, person.newNotebook("/Shared/crash/edited"), patience),
                new RunWriter(
                        person,
                        person.newNotebook("/Shared/crash/run"),
                        person.seenByCells(dataDir, "executed.txt"),
                        patience)));
    }
}
