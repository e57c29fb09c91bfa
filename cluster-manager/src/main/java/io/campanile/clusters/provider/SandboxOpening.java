package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a node that waited for its owner what is the owner's, by entering its namespace of files: what it may be given is
 * put in place there, and the way to that of others taken away, before it is told whose it is.
 */
final class SandboxOpening {
    private final Sandbox sandbox;

    SandboxOpening(Sandbox sandbox) {
        this.sandbox = requireNonNull(sandbox, "sandbox");
    }

    /** {@code pid}: of a process of the node, as we see it. Whatever is done already is not done again. */
    void open(long pid, NodeOwner owner) throws IOException {
        List<String> held = held(pid);
        if (held.isEmpty()) {
            return;
        }
        Path warehouse = Files.createDirectories(sandbox.warehouse(owner));
        Path files = Files.createDirectories(sandbox.files(owner));
        enter(pid, "mkdir", "-p", warehouse.toString(), files.toString());
        if (held.contains(Sandbox.HOLD + "/warehouses")) {
            String from = Sandbox.HOLD + "/warehouses/" + owner.workspaceId() + "/" + owner.userId();
            enter(pid, "mount", "--bind", from, warehouse.toString());
        }
        if (held.contains(Sandbox.HOLD + "/files")) {
            enter(pid, "mount", "--bind", Sandbox.HOLD + "/files/" + owner.workspaceId(), files.toString());
        }
        List<String> close = new ArrayList<>(List.of("umount"));
        close.addAll(held);
        enter(pid, close.toArray(String[]::new));
        if (!held(pid).isEmpty()) {
            throw new IOException("what others have is still in sight");
        }
    }

    /** What the node still holds for whoever will have it. */
    private static List<String> held(long pid) throws IOException {
        List<String> held = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "mountinfo"))) {
            String place = line.split(" ")[4];
            if (place.startsWith(Sandbox.HOLD + "/")) {
                held.add(place);
            }
        }
        return held;
    }

    private static void enter(long pid, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid), "--mount", "--"));
        line.addAll(List.of(command));
        Tool.run(line);
    }
}
