package io.campanile.workspace.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folders with the objects of git. */
final class GitDataTest {
    private static final GitData.Key KEY = new GitData.Key(1, 100);

    @TempDir
    Path folder;

    @Test
    void objectsNoRefNamesAreKeptHoweverOldTheyAre() throws Exception {
        GitData data = new GitData(folder, 1_000);
        try (Repository git = data.create(KEY);
                ObjectInserter inserter = git.newObjectInserter()) {
            // How many there are is guessed by those whose ids begin so.
            List<ObjectId> kept = new ArrayList<>();
            for (int i = 0; kept.size() < 3; i++) {
                byte[] content = ("not pushed " + i).getBytes(StandardCharsets.UTF_8);
                if (inserter.idFor(Constants.OBJ_BLOB, content).name().startsWith("17")) {
                    kept.add(inserter.insert(Constants.OBJ_BLOB, content));
                }
            }
            inserter.flush();
            try (var files = Files.walk(folder.resolve("1/100/objects"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
                }
            }
            git.getConfig().setInt("gc", null, "auto", 1);
            git.getConfig().setBoolean("gc", null, "autoDetach", false);

            git.autoGC(NullProgressMonitor.INSTANCE);

            for (ObjectId id : kept) {
                assertThat(git.getObjectDatabase().has(id)).isTrue();
            }
        }
    }

    @Test
    void onlyWhatNobodyMakesIsThereToBeSwept() {
        GitData data = new GitData(folder, 1_000);
        data.create(KEY).close();
        assertThat(data.all()).isEmpty();
        data.made(KEY);
        assertThat(data.all()).containsExactly(KEY);
        // Another process, after a crash, knows of nothing that is being made.
        assertThat(new GitData(folder, 1_000).all()).isEqualTo(List.of(KEY));
        data.drop(KEY);
        assertThat(data.all()).isEmpty();
    }

    @Test
    void aLockThatAKilledProcessLeftStopsNobody() throws Exception {
        GitData data = new GitData(folder, 1_000);
        try (Repository git = data.create(KEY);
                ObjectInserter inserter = git.newObjectInserter()) {
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, new byte[] {1});
            Path lock = folder.resolve("1/100/refs/remotes/origin/main.lock");
            Files.createDirectories(lock.getParent());
            Files.createFile(lock);
            assertThat(updated(git, blob)).isEqualTo(RefUpdate.Result.LOCK_FAILURE);

            data.unlock(KEY);

            assertThat(updated(git, blob)).isEqualTo(RefUpdate.Result.NEW);
        }
    }

    private static RefUpdate.Result updated(Repository git, ObjectId to) throws Exception {
        RefUpdate update = git.updateRef("refs/remotes/origin/main");
        update.setNewObjectId(to);
        return update.forceUpdate();
    }
}
