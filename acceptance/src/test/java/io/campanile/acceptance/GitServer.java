package io.campanile.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.treewalk.TreeWalk;

/** One repository behind git's smart HTTP protocol and a password. */
final class GitServer implements AutoCloseable {
    static final String TOKEN = "git-token-canary-2342";
    private static final String BRANCH = "refs/heads/main";

    private final InMemoryRepository repository = new InMemoryRepository(new DfsRepositoryDescription("shop"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer http;

    GitServer() throws IOException {
        repository.updateRef(Constants.HEAD).link(BRANCH);
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        http.createContext("/team/shop.git/", this::handle);
        http.setExecutor(threads);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/team/shop.git";
    }

    /** A commit on main that changes these files. */
    synchronized void commit(Map<String, String> changes) throws IOException {
        ObjectId head = repository.resolve(BRANCH);
        try (ObjectInserter inserter = repository.newObjectInserter();
                ObjectReader reader = repository.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            DirCache index = head == null
                    ? DirCache.newInCore()
                    : DirCache.read(reader, walk.parseCommit(head).getTree());
            DirCacheEditor editor = index.editor();
            for (Map.Entry<String, String> change : new TreeMap<>(changes).entrySet()) {
                ObjectId blob =
                        inserter.insert(Constants.OBJ_BLOB, change.getValue().getBytes(StandardCharsets.UTF_8));
                editor.add(new DirCacheEditor.PathEdit(change.getKey()) {
                    @Override
                    public void apply(DirCacheEntry entry) {
                        entry.setFileMode(FileMode.REGULAR_FILE);
                        entry.setObjectId(blob);
                    }
                });
            }
            editor.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            if (head != null) {
                commit.setParentId(head);
            }
            PersonIdent person = new PersonIdent("Remote", "remote@example.com", Instant.EPOCH, ZoneOffset.UTC);
            commit.setAuthor(person);
            commit.setCommitter(person);
            commit.setMessage("At the server");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(BRANCH);
            update.setNewObjectId(id);
            update.forceUpdate();
        }
    }

    /** The text of a file at the tip of main. */
    synchronized String text(String path) throws IOException {
        try (RevWalk walk = new RevWalk(repository);
                TreeWalk found = TreeWalk.forPath(
                        repository,
                        path,
                        walk.parseCommit(repository.resolve(BRANCH)).getTree())) {
            return found == null
                    ? ""
                    : new String(repository.open(found.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String expected =
                    "Basic " + Base64.getEncoder().encodeToString(("robot:" + TOKEN).getBytes(StandardCharsets.UTF_8));
            if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            serve(exchange);
        }
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        InputStream in = exchange.getRequestBody();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            in = new GZIPInputStream(in);
        }
        UploadPack sending = new UploadPack(repository);
        sending.setBiDirectionalPipe(false);
        ReceivePack receiving = new ReceivePack(repository);
        receiving.setBiDirectionalPipe(false);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        String type;
        if (path.endsWith("/info/refs")) {
            String service = exchange.getRequestURI().getQuery().replace("service=", "");
            PacketLineOut out = new PacketLineOut(answer);
            out.writeString("# service=" + service + "\n");
            out.end();
            var advertiser = new RefAdvertiser.PacketLineOutRefAdvertiser(out);
            if (service.equals("git-upload-pack")) {
                sending.sendAdvertisedRefs(advertiser);
            } else {
                receiving.sendAdvertisedRefs(advertiser);
            }
            type = service + "-advertisement";
        } else if (path.endsWith("/git-upload-pack")) {
            sending.upload(in, answer, null);
            type = "git-upload-pack-result";
        } else {
            receiving.receive(in, answer, null);
            type = "git-receive-pack-result";
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + type);
        exchange.sendResponseHeaders(200, answer.size());
        exchange.getResponseBody().write(answer.toByteArray());
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
        repository.close();
    }
}
