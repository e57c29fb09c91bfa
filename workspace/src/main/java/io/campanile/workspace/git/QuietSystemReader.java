package io.campanile.workspace.git;

import java.io.File;
import java.util.TimeZone;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** Nothing of this machine's git settings counts here, and none is written: they are of whoever started the service. */
final class QuietSystemReader extends SystemReader {
    private static final int STREAMED = 2 * 1024 * 1024;
    private final SystemReader real = SystemReader.getInstance();

    private QuietSystemReader() {
        setPlatformChecker();
    }

    /** For the whole process, once. */
    static synchronized void install() {
        if (!(SystemReader.getInstance() instanceof QuietSystemReader)) {
            SystemReader.setInstance(new QuietSystemReader());
            // Contents are read as streams: several at once must not fill the memory.
            WindowCacheConfig config = new WindowCacheConfig();
            config.setStreamFileThreshold(STREAMED);
            config.install();
        }
    }

    @Override
    public String getHostname() {
        return "localhost";
    }

    @Override
    @SuppressWarnings("NullAway") // null is what the interface says for a variable that is not set
    public @Nullable String getenv(String variable) {
        return null;
    }

    @Override
    public String getProperty(String key) {
        return real.getProperty(key);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Nothing(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Nothing(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Nothing(parent, fs);
    }

    @Override
    public long getCurrentTime() {
        return real.getCurrentTime();
    }

    @Override
    public int getTimezone(long when) {
        return TimeZone.getTimeZone("UTC").getOffset(when) / 60_000;
    }

    private static final class Nothing extends FileBasedConfig {
        Nothing(@Nullable Config parent, FS fs) {
            super(parent, new File("/dev/null"), fs);
        }

        @Override
        public void load() {
            // There is nothing.
        }

        @Override
        public void save() {
            // Nothing is kept.
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
