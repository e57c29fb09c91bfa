package io.campanile.launcher.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Everything a workspace has: its rows, and its files with their lengths and times. A content whose deletion had been
 * ordered when the workspace was last at rest is not one of them: nothing refers to it, and it goes when its time comes.
 */
final class TenantState {
    private static final List<String> FOLDERS = List.of("files", "objects");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final TenantRows rows;
    private final Path dataDir;
    private final long workspaceId;
    private Set<String> doomed = Set.of();

    TenantState(TenantRows rows, Path dataDir, long workspaceId) {
        this.rows = rows;
        this.dataDir = dataDir;
        this.workspaceId = workspaceId;
    }

    Map<String, String> now() {
        Map<String, String> state = new HashMap<>(rows.of(workspaceId));
        for (String folder : FOLDERS) {
            state.put(folder, Integer.toString(files(dataDir.resolve(folder).resolve(Long.toString(workspaceId)))));
        }
        return state;
    }

    /**
     * As soon as nothing changes any more: what was asked for may still be under way.
     *
     * @param still how long nothing may have changed; frames are answered before another service has done what they ask
     */
    Map<String, String> settled(Duration still) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        doomed = rows.doomed(workspaceId);
        Map<String, String> last = now();
        long since = System.nanoTime();
        while (System.nanoTime() < deadline) {
            boolean underWay = rows.underWay(workspaceId);
            doomed = rows.doomed(workspaceId);
            Map<String, String> next = now();
            boolean same = next.equals(last) && !underWay;
            if (same && System.nanoTime() - since >= still.toNanos()) {
                return next;
            }
            if (!same) {
                since = System.nanoTime();
            }
            last = next;
            if (underWay || !still.isZero()) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        throw new IllegalStateException("Workspace " + workspaceId + " does not come to rest");
    }

    private int files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(file -> !doomed.contains(file.getFileName().toString()))
                    .map(TenantState::file)
                    .sorted()
                    .toList()
                    .hashCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(Path file) {
        try {
            return Files.isDirectory(file)
                    ? file.toString()
                    : file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return file + " was going";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
