package io.campanile.workspace.git;

import java.io.File;
import java.io.OutputStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FS_POSIX;
import org.eclipse.jgit.util.ProcessResult;
import org.jspecify.annotations.Nullable;

/** The file system without the processes git usually starts: no system git, no shell, no hooks. */
final class NoProcessFiles extends FS_POSIX {
    private static final int OWNER_ONLY = 0077;

    NoProcessFiles() {
        setUmask(OWNER_ONLY);
    }

    @Override
    public FS newInstance() {
        return new NoProcessFiles();
    }

    @Override
    protected @Nullable File discoverGitExe() {
        return null;
    }

    @Override
    public ProcessBuilder runInShell(String command, String[] arguments) {
        throw new UnsupportedOperationException("No shell is started for git");
    }

    @Override
    public ProcessResult runHookIfPresent(
            Repository repository, String hook, String[] arguments, OutputStream out, OutputStream err, String input) {
        return new ProcessResult(ProcessResult.Status.NOT_PRESENT);
    }
}
