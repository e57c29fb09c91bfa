package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.node.files.dbfs.DbfsFileSystem;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.JobID;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.task.JobContextImpl;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What Spark may expect of {@code dbfs:}, wherever the files are kept. The workspace has a volume {@code v}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DbfsContract {
    static final String VOLUME = "dbfs:/Volumes/main/default/v";

    final FileSystem fs = new DbfsFileSystem();

    abstract boolean appends();

    /** Once the process is a node's, of a workspace with its volume. */
    void open() throws IOException {
        fs.initialize(URI.create("dbfs:///"), configuration());
    }

    private static FileContext context() throws IOException {
        return FileContext.getFileContext(URI.create("dbfs:///"), configuration());
    }

    static FileSystem fileSystem() throws IOException {
        FileSystem opened = new DbfsFileSystem();
        opened.initialize(URI.create("dbfs:///"), configuration());
        return opened;
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration(false);
        DbfsSettings.ofSpark()
                .forEach((key, value) -> configuration.set(key.substring("spark.hadoop.".length()), value));
        // Hadoop's cache is of the whole process, and the other contract's files are elsewhere.
        configuration.setBoolean("fs.dbfs.impl.disable.cache", true);
        return configuration;
    }

    @Test
    void aLargeFileIsReadBackWholeAndFromAnywhere() throws IOException {
        byte[] bytes = new byte[20 * 1024 * 1024 + 17];
        new Random(5).nextBytes(bytes);
        Path path = new Path(VOLUME + "/deep/er/large.bin");

        try (FSDataOutputStream out = fs.create(path, false)) {
            for (int at = 0; at < bytes.length; at += 300_000) {
                out.write(bytes, at, Math.min(300_000, bytes.length - at));
            }
        }

        assertThat(fs.getFileStatus(path).getLen()).isEqualTo(bytes.length);
        assertThat(fs.getFileStatus(path).isFile()).isTrue();
        assertThat(fs.getFileStatus(path.getParent()).isDirectory()).isTrue();
        try (FSDataInputStream in = fs.open(path)) {
            assertThat(Arrays.equals(in.readAllBytes(), bytes)).isTrue();
            byte[] part = new byte[3_000_000];
            in.seek(11_000_000);
            in.readFully(part);
            assertThat(part).isEqualTo(Arrays.copyOfRange(bytes, 11_000_000, 14_000_000));
            in.readFully(bytes.length - 8L, part, 0, 8);
            assertThat(Arrays.copyOf(part, 8)).isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 8, bytes.length));
            in.readFully(2L, part, 0, 100);
            assertThat(part[99]).isEqualTo(bytes[101]);
            assertThat(in.getPos()).isEqualTo(14_000_000);
            assertThat(in.read(bytes.length, part, 0, 1)).isEqualTo(-1);
            assertThatThrownBy(() -> in.seek(bytes.length + 1L)).isInstanceOf(java.io.EOFException.class);
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        write("dbfs:/empty/_SUCCESS", "");

        assertThat(fs.getFileStatus(new Path("dbfs:/empty/_SUCCESS")).getLen()).isZero();
        assertThat(read("dbfs:/empty/_SUCCESS")).isEmpty();
    }

    @Test
    void barePathsAndNamesOfAllKindsAreTheSameFiles() throws IOException {
        for (String name : List.of("a b", "p=1%2F2", "ü+&?#", "_temporary", ".hidden", "100%")) {
            Path path = new Path(new Path("dbfs:/names"), name);
            try (FSDataOutputStream out = fs.create(path)) {
                out.write(name.getBytes(StandardCharsets.UTF_8));
            }
            assertThat(read(path.toUri().getPath())).as(name).isEqualTo(name);
        }
        assertThat(names("/names"))
                .containsExactlyInAnyOrder("a b", "p=1%2F2", "ü+&?#", "_temporary", ".hidden", "100%");
    }

    @Test
    void aFileIsReplacedOnlyWhenThatIsSaid() throws IOException {
        write("dbfs:/over/f", "1");

        assertThatThrownBy(() -> fs.create(new Path("dbfs:/over/f"), false).close())
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("/over/f");
        assertThatThrownBy(() -> fs.create(new Path("dbfs:/over"), true).close())
                .isInstanceOf(IOException.class);
        write("dbfs:/over/f", "22");
        assertThat(read("/over/f")).isEqualTo("22");
    }

    @Test
    void ofSeveralWhoCreateOneFileOneSucceeds() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String mine = "writer " + i;
            writers.add(() -> {
                try (FSDataOutputStream out = fs.create(new Path("dbfs:/race/created"), false)) {
                    out.write(mine.getBytes(StandardCharsets.UTF_8));
                } catch (FileAlreadyExistsException e) {
                    return false;
                }
                return true;
            });
        }
        assertThat(together(writers)).containsOnlyOnce(true);
        assertThat(read("/race/created")).startsWith("writer ");
    }

    @Test
    void foldersAreListedMadeAndDeleted() throws IOException {
        write("dbfs:/tree/a/one", "1");
        write("dbfs:/tree/b", "22");
        assertThat(fs.mkdirs(new Path("/tree/c/d"))).isTrue();
        assertThat(fs.mkdirs(new Path("/tree/c/d"))).isTrue();

        assertThat(fs.listStatus(new Path("/tree")))
                .extracting(status -> status.getPath() + " " + status.isDirectory() + " " + status.getLen())
                .containsExactlyInAnyOrder("dbfs:/tree/a true 0", "dbfs:/tree/b false 2", "dbfs:/tree/c true 0");
        assertThat(fs.listStatus(new Path("/tree/b")))
                .extracting(FileStatus::getLen)
                .containsExactly(2L);
        assertThatThrownBy(() -> fs.listStatus(new Path("/tree/none"))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> fs.open(new Path("/tree/none"))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> fs.open(new Path("/tree/a"))).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> fs.mkdirs(new Path("/tree/b"))).isInstanceOf(IOException.class);

        assertThatThrownBy(() -> fs.delete(new Path("/tree"), false)).hasMessageContaining("not empty");
        assertThat(fs.delete(new Path("/tree/a/one"), false)).isTrue();
        assertThat(names("/tree/a")).isEmpty();
        assertThat(fs.delete(new Path("/tree/a"), false)).isTrue();
        assertThat(fs.delete(new Path("/tree/a"), true)).isFalse();
        assertThat(fs.delete(new Path("/tree"), true)).isTrue();
        assertThat(fs.exists(new Path("/tree"))).isFalse();
        assertThat(fs.delete(new Path("/"), true)).isFalse();
    }

    @Test
    void filesAndFoldersAreRenamedToWhereNothingIs() throws IOException {
        write("dbfs:/ren/f", "f");
        write("dbfs:/ren/g", "g");
        write("dbfs:/ren/d/x/1", "1");
        write("dbfs:/ren/d/2", "2");
        fs.mkdirs(new Path("/ren/into"));

        assertThat(rename("/ren/none", "/ren/h")).isFalse();
        assertThat(rename("/ren/f", "/ren/g")).isFalse();
        assertThat(rename("/ren/f", "/ren/nowhere/f")).isFalse();
        assertThat(rename("/ren/d", "/ren/d/inside")).isFalse();
        assertThat(read("/ren/g")).isEqualTo("g");
        assertThat(rename("/ren/f", "/ren/h")).isTrue();
        assertThat(rename("/ren/h", "/ren/into")).isTrue();
        assertThat(rename("/ren/d", "/ren/e")).isTrue();

        assertThat(read("/ren/into/h")).isEqualTo("f");
        assertThat(read("/ren/e/x/1")).isEqualTo("1");
        assertThat(names("/ren/e")).containsExactlyInAnyOrder("x", "2");
        assertThat(names("/ren")).containsExactlyInAnyOrder("e", "g", "into");
    }

    @Test
    void aRenameThatMayReplaceDoesAndAnotherDoesNot() throws IOException {
        write("dbfs:/commit/tmp", "new");
        write("dbfs:/commit/00.json", "old");

        assertThatThrownBy(() -> context().rename(new Path("/commit/tmp"), new Path("/commit/00.json"), Rename.NONE))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(read("/commit/00.json")).isEqualTo("old");
        context().rename(new Path("/commit/tmp"), new Path("/commit/00.json"), Rename.OVERWRITE);

        assertThat(read("/commit/00.json")).isEqualTo("new");
        assertThat(names("/commit")).containsExactly("00.json");
    }

    @Test
    void ofSeveralWhoCommitUnderOneNameOneSucceeds() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Path mine = new Path("dbfs:/log/.tmp" + i);
            write(mine.toString(), "commit " + i);
            writers.add(() -> {
                try {
                    context().rename(mine, new Path("dbfs:/log/01.json"), Rename.NONE);
                    return true;
                } catch (FileAlreadyExistsException e) {
                    return false;
                }
            });
        }
        List<Boolean> won = together(writers);

        assertThat(won).containsOnlyOnce(true);
        assertThat(read("/log/01.json")).isEqualTo("commit " + won.indexOf(true));
        assertThat(names("/log")).hasSize(6).doesNotContain(".tmp" + won.indexOf(true));
    }

    @Test
    void aJobCommitsWhatItsTasksCommittedAndNothingElse() throws IOException {
        for (int algorithm : new int[] {1, 2}) {
            Path output = new Path(VOLUME + "/job" + algorithm);
            Configuration configuration = configuration();
            configuration.setInt(FileOutputCommitter.FILEOUTPUTCOMMITTER_ALGORITHM_VERSION, algorithm);
            JobID id = new JobID("job", algorithm);
            JobContext job = new JobContextImpl(configuration, id);
            new FileOutputCommitter(output, new TaskAttemptContextImpl(configuration, attempt(id, 0, 0))).setupJob(job);

            FileOutputCommitter dead = run(output, configuration, attempt(id, 0, 0), "dead");
            commit(run(output, configuration, attempt(id, 0, 1), "zero"), configuration, attempt(id, 0, 1));
            commit(run(output, configuration, attempt(id, 1, 0), "one"), configuration, attempt(id, 1, 0));
            dead.abortTask(new TaskAttemptContextImpl(configuration, attempt(id, 0, 0)));
            dead.commitJob(job);

            assertThat(names(output.toString()))
                    .containsExactlyInAnyOrder("_SUCCESS", "part-0", "part-1", "k=0", "k=1");
            assertThat(read(output + "/part-0")).isEqualTo("zero");
            assertThat(read(output + "/k=1/part-1")).isEqualTo("one");
        }
    }

    private FileOutputCommitter run(Path output, Configuration configuration, TaskAttemptID id, String text)
            throws IOException {
        TaskAttemptContext task = new TaskAttemptContextImpl(configuration, id);
        FileOutputCommitter committer = new FileOutputCommitter(output, task);
        committer.setupTask(task);
        int number = id.getTaskID().getId();
        write(committer.getWorkPath() + "/part-" + number, text);
        write(committer.getWorkPath() + "/k=" + number + "/part-" + number, text);
        return committer;
    }

    private static void commit(FileOutputCommitter committer, Configuration configuration, TaskAttemptID id)
            throws IOException {
        TaskAttemptContext task = new TaskAttemptContextImpl(configuration, id);
        assertThat(committer.needsTaskCommit(task)).isTrue();
        committer.commitTask(task);
    }

    private static TaskAttemptID attempt(JobID job, int task, int attempt) {
        return new TaskAttemptID(new TaskID(job, TaskType.MAP, task), attempt);
    }

    @Test
    void volumesAreWrittenButNeitherMadeNorRemoved() throws IOException {
        write(VOLUME + "/f", "1");

        assertThat(names("/Volumes/main/default")).contains("v");
        assertThat(fs.mkdirs(new Path(VOLUME))).isTrue();
        assertThatThrownBy(() -> write("dbfs:/Volumes/main/default/none/f", "1"))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("does not exist");
        for (String above : List.of("/Volumes/main/default/v", "/Volumes/main")) {
            assertThatThrownBy(() -> fs.delete(new Path(above), true)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> fs.mkdirs(new Path("/Volumes/main/default/made")))
                .isInstanceOf(IOException.class);
        assertThat(read(VOLUME + "/f")).isEqualTo("1");
    }

    @Test
    void appendingIsDoneOrClearlyRefused() throws IOException {
        write("dbfs:/append/f", "1");

        if (appends()) {
            try (FSDataOutputStream out = fs.append(new Path("dbfs:/append/f"))) {
                out.write('2');
            }
            assertThat(read("/append/f")).isEqualTo("12");
            return;
        }
        assertThatThrownBy(() -> fs.append(new Path("dbfs:/append/f")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("/append/f")
                .hasMessageContaining("written once");
        assertThat(read("/append/f")).isEqualTo("1");
    }

    boolean rename(String from, String to) throws IOException {
        return fs.rename(new Path(from), new Path(to));
    }

    void write(String path, String text) throws IOException {
        try (FSDataOutputStream out = fs.create(new Path(path), true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    String read(String path) throws IOException {
        return read(new Path(path));
    }

    private String read(Path path) throws IOException {
        try (FSDataInputStream in = fs.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    List<String> names(String folder) throws IOException {
        return Arrays.stream(fs.listStatus(new Path(folder)))
                .map(status -> status.getPath().getName())
                .toList();
    }

    static <T> List<T> together(List<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(work)) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
