package io.campanile.launcher.matrix;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
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
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** Bare repositories of one file behind git's smart HTTP protocol, open to everybody on this machine. */
final class GitServer implements AutoCloseable {
    static final String FILE = "a.txt";

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Path folder;
    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();

    GitServer(Path folder) throws IOException {
        this.folder = folder;
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    /** A new repository with a commit; its address. */
    String make(String name, String text) {
        try {
            FileRepository repository =
                    new FileRepository(folder.resolve(name + ".git").toFile());
            repository.create(true);
            repository.updateRef(Constants.HEAD).link("refs/heads/main");
            repositories.put(name, repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        commit(name, text);
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/team/" + name + ".git";
    }

    /** The file becomes this text, in a commit on main. */
    void commit(String name, String text) {
        Repository repository = known(name);
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            DirCacheEntry entry = new DirCacheEntry(FILE);
            entry.setFileMode(FileMode.REGULAR_FILE);
            entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8)));
            builder.add(entry);
            builder.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            ObjectId head = repository.resolve("refs/heads/main");
            if (head != null) {
                commit.setParentId(head);
            }
            PersonIdent person = new PersonIdent("Remote", "remote@example.com", Instant.EPOCH, ZoneOffset.UTC);
            commit.setAuthor(person);
            commit.setCommitter(person);
            commit.setMessage("A commit at the server");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(id);
            update.forceUpdate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Repository known(String name) {
        Repository repository = repositories.get(name);
        if (repository == null) {
            throw new IllegalArgumentException("No repository " + name);
        }
        return repository;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Repository repository = known(path.replaceFirst("^/team/", "").replaceFirst("\\.git/.*$", ""));
            String last = path.substring(path.lastIndexOf('/') + 1);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            String type = last.equals("refs")
                    ? advertise(repository, exchange.getRequestURI().getQuery().replace("service=", ""), answer)
                    : serve(repository, last, body(exchange), answer);
            exchange.getResponseHeaders().set("Content-Type", "application/x-" + type);
            exchange.sendResponseHeaders(200, answer.size() == 0 ? -1 : answer.size());
            answer.writeTo(exchange.getResponseBody());
        }
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                ? new GZIPInputStream(exchange.getRequestBody())
                : exchange.getRequestBody();
    }

    private static String advertise(Repository repository, String service, ByteArrayOutputStream answer)
            throws IOException {
        PacketLineOut out = new PacketLineOut(answer);
        out.writeString("# service=" + service + "\n");
        out.end();
        RefAdvertiser advertiser = new RefAdvertiser.PacketLineOutRefAdvertiser(out);
        if (service.equals("git-upload-pack")) {
            UploadPack pack = new UploadPack(repository);
            pack.setBiDirectionalPipe(false);
            pack.sendAdvertisedRefs(advertiser);
        } else {
            ReceivePack pack = new ReceivePack(repository);
            pack.setBiDirectionalPipe(false);
            pack.sendAdvertisedRefs(advertiser);
        }
        return service + "-advertisement";
    }

    private static String serve(Repository repository, String service, InputStream in, ByteArrayOutputStream answer)
            throws IOException {
        if (service.equals("git-upload-pack")) {
            UploadPack pack = new UploadPack(repository);
            pack.setBiDirectionalPipe(false);
            pack.upload(in, answer, null);
        } else {
            ReceivePack pack = new ReceivePack(repository);
            pack.setBiDirectionalPipe(false);
            pack.receive(in, answer, null);
        }
        return service + "-result";
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        repositories.values().forEach(Repository::close);
    }
}
