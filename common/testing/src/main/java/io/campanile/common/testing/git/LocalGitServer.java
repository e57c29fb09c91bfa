package io.campanile.common.testing.git;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** Bare repositories behind git's smart HTTP protocol, with a password, on this machine. */
public final class LocalGitServer implements AutoCloseable {
    public static final String USER = "robot";
    public static final String TOKEN = "git-token-canary-4711";

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path folder;
    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();
    /** Every Authorization header that came, {@code none} where there was none. */
    public final List<String> credentials = new CopyOnWriteArrayList<>();
    /** Where requests for a repository are sent on to. */
    public final Map<String, String> redirects = new ConcurrentHashMap<>();
    /** Called after the first half of a pack was sent. */
    public volatile Consumer<String> halfway = name -> {};

    public volatile boolean open;

    public LocalGitServer(Path folder) throws IOException {
        this.folder = folder;
        this.http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        http.createContext("/", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    public String url(String name) {
        return "http://127.0.0.1:" + port() + "/team/" + name + ".git";
    }

    /** Makes an empty repository whose own branch is main. */
    public void make(String name) {
        try {
            FileRepository repository =
                    new FileRepository(folder.resolve(name + ".git").toFile());
            repository.create(true);
            repository.updateRef(Constants.HEAD).link("refs/heads/main");
            repositories.put(name, repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits on a branch: texts by path; null removes. Answers the commit. */
    public String commit(String name, String branch, Map<String, String> changes) {
        Map<String, byte[]> bytes = new TreeMap<>();
        changes.forEach((path, text) -> bytes.put(path, text == null ? null : text.getBytes(StandardCharsets.UTF_8)));
        return commitBytes(name, branch, bytes);
    }

    public String commitBytes(String name, String branch, Map<String, byte[]> changes) {
        Repository repository = known(name);
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            Map<String, Entry> files = files(name, branch);
            changes.forEach((path, content) -> {
                if (content == null) {
                    files.remove(path);
                } else {
                    try {
                        files.put(path, new Entry(FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, content)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            return commit(repository, branch, tree(inserter, files), inserter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A commit of a tree as it is given, however bad: entries of the top folder. */
    public String commitRaw(String name, Consumer<RawTree> content) {
        Repository repository = known(name);
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            RawTree tree = new RawTree(inserter);
            content.accept(tree);
            return commit(repository, "main", tree.insert(), inserter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void ref(String name, String ref, String commit) throws IOException {
        RefUpdate update = known(name).updateRef(ref);
        update.setNewObjectId(ObjectId.fromString(commit));
        update.forceUpdate();
    }

    public @Nullable String head(String name, String branch) throws IOException {
        ObjectId id = known(name).resolve("refs/heads/" + branch);
        return id == null ? null : id.name();
    }

    /** The text of a file at the tip of a branch. */
    public @Nullable String text(String name, String branch, String path) throws IOException {
        Repository repository = known(name);
        try (RevWalk walk = new RevWalk(repository);
                TreeWalk found = TreeWalk.forPath(
                        repository,
                        path,
                        walk.parseCommit(repository.resolve("refs/heads/" + branch))
                                .getTree())) {
            return found == null
                    ? null
                    : new String(repository.open(found.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The other repositories that the tip of a branch has in it, and their commits. */
    public Map<String, String> links(String name, String branch) throws IOException {
        Map<String, String> found = new TreeMap<>();
        files(name, branch).forEach((path, file) -> {
            if (file.mode() == FileMode.GITLINK) {
                found.put(path, file.id().name());
            }
        });
        return found;
    }

    private Repository known(String name) {
        return requireNonNull(repositories.get(name), name);
    }

    private record Entry(FileMode mode, ObjectId id) {}

    private Map<String, Entry> files(String name, String branch) throws IOException {
        Repository repository = known(name);
        Map<String, Entry> files = new TreeMap<>();
        ObjectId head = repository.resolve("refs/heads/" + branch);
        if (head != null) {
            try (RevWalk walk = new RevWalk(repository);
                    TreeWalk each = new TreeWalk(repository)) {
                each.addTree(walk.parseCommit(head).getTree());
                each.setRecursive(true);
                while (each.next()) {
                    files.put(each.getPathString(), new Entry(each.getFileMode(0), each.getObjectId(0)));
                }
            }
        }
        return files;
    }

    private static ObjectId tree(ObjectInserter inserter, Map<String, Entry> files) throws IOException {
        DirCache index = DirCache.newInCore();
        var builder = index.builder();
        files.forEach((path, file) -> {
            var entry = new DirCacheEntry(path);
            entry.setFileMode(file.mode());
            entry.setObjectId(file.id());
            builder.add(entry);
        });
        builder.finish();
        return index.writeTree(inserter);
    }

    private static String commit(Repository repository, String branch, ObjectId tree, ObjectInserter inserter)
            throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        ObjectId head = repository.resolve("refs/heads/" + branch);
        if (head != null) {
            commit.setParentId(head);
        }
        PersonIdent person = new PersonIdent("Remote", "remote@example.com", Instant.EPOCH, ZoneOffset.UTC);
        commit.setAuthor(person);
        commit.setCommitter(person);
        commit.setMessage("A commit at the server");
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        RefUpdate update = repository.updateRef("refs/heads/" + branch);
        update.setNewObjectId(id);
        update.forceUpdate();
        return id.name();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            credentials.add(authorization == null ? "none" : authorization);
            String path = exchange.getRequestURI().getPath();
            String name = path.replaceFirst("^/team/", "").replaceFirst("\\.git/.*$", "");
            String elsewhere = redirects.get(name);
            if (elsewhere != null) {
                String rest = path.substring(path.indexOf(".git/") + 4);
                String query = exchange.getRequestURI().getRawQuery();
                exchange.getResponseHeaders().set("Location", elsewhere + rest + (query == null ? "" : "?" + query));
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            String expected = "Basic "
                    + Base64.getEncoder().encodeToString((USER + ":" + TOKEN).getBytes(StandardCharsets.UTF_8));
            if (!open && !expected.equals(authorization)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            Repository repository = repositories.get(name);
            if (repository == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            serve(exchange, repository, name, path.substring(path.lastIndexOf('/') + 1));
        } catch (RuntimeException e) {
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private void serve(HttpExchange exchange, Repository repository, String name, String last) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        InputStream in = exchange.getRequestBody();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            in = new GZIPInputStream(in);
        }
        String type;
        if (last.equals("refs")) {
            String service = exchange.getRequestURI().getQuery().replace("service=", "");
            PacketLineOut out = new PacketLineOut(answer);
            out.writeString("# service=" + service + "\n");
            out.end();
            var advertiser = new RefAdvertiser.PacketLineOutRefAdvertiser(out);
            if (service.equals("git-upload-pack")) {
                UploadPack pack = new UploadPack(repository);
                pack.setBiDirectionalPipe(false);
                pack.sendAdvertisedRefs(advertiser);
            } else {
                ReceivePack pack = new ReceivePack(repository);
                pack.setBiDirectionalPipe(false);
                pack.sendAdvertisedRefs(advertiser);
            }
            type = service + "-advertisement";
        } else if (last.equals("git-upload-pack")) {
            UploadPack pack = new UploadPack(repository);
            pack.setBiDirectionalPipe(false);
            pack.upload(in, answer, null);
            type = "git-upload-pack-result";
        } else {
            ReceivePack pack = new ReceivePack(repository);
            pack.setBiDirectionalPipe(false);
            pack.receive(in, answer, null);
            type = "git-receive-pack-result";
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + type);
        exchange.sendResponseHeaders(200, 0);
        byte[] bytes = answer.toByteArray();
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes, 0, bytes.length / 2);
            out.flush();
            if (type.equals("git-upload-pack-result")) {
                halfway.accept(name);
            }
            out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        repositories.values().forEach(Repository::close);
    }
}
