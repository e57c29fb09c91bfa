package io.campanile.workspace.objects;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object with the folders above it: what a permission is decided on.
 *
 * @param granted the highest level that grants on the chain give to whoever it was looked up for
 */
record Located(List<WorkspaceObject> chain, Permission granted) {
    Located {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("A chain has at least the root");
        }
    }

    /** Before anybody's grants are known. */
    Located(List<WorkspaceObject> chain) {
        this(chain, Permission.NONE);
    }

    /** With one more grant; what is below has it as well. */
    Located granting(Permission more) {
        return granted.includes(more) ? this : new Located(chain, more);
    }

    WorkspaceObject object() {
        return chain.get(chain.size() - 1);
    }

    List<WorkspaceObject> ancestors() {
        return chain.subList(0, chain.size() - 1);
    }

    WorkspacePath path() {
        return new WorkspacePath(
                chain.stream().skip(1).map(WorkspaceObject::name).toList());
    }

    /** Whether neither the object nor a folder above it was thrown away. */
    boolean isLive() {
        return chain.stream().allMatch(WorkspaceObject::isMarkedLive);
    }

    /** The highest thrown away entry on the way. */
    java.util.Optional<WorkspaceObject> thrownAway() {
        return chain.stream().filter(object -> !object.isMarkedLive()).findFirst();
    }

    /** The owner of the home folder on the way, if there is one. */
    @Nullable
    Long homeOwner() {
        for (WorkspaceObject object : chain) {
            if (object.ownerUserId() != null) {
                return object.ownerUserId();
            }
        }
        return null;
    }

    Located with(WorkspaceObject child) {
        List<WorkspaceObject> longer = new java.util.ArrayList<>(chain);
        longer.add(child);
        return new Located(longer, granted);
    }
}
