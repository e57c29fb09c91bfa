package io.campanile.node.agent.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Maven repository on loopback, with artifacts that were compiled from source a moment ago. */
public final class MavenRepository implements AutoCloseable {
    private final Path folder;
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();

    public MavenRepository(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "repository");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/m2/";
    }

    /** The files that were asked for so far. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** Compiles one class against the jars of other artifacts and publishes it; answers its jar. */
    public Path publish(String artifact, String type, String source, String... needs) throws Exception {
        Path jar = jar(artifact, type, source);
        String base = "/m2/com/acme/" + artifact + "/1.0/" + artifact + "-1.0";
        StringBuilder dependencies = new StringBuilder();
        for (String needed : needs) {
            dependencies.append("<dependency><groupId>com.acme</groupId><artifactId>" + needed
                    + "</artifactId><version>1.0</version></dependency>");
        }
        put(
                base + ".pom",
                ("<project><modelVersion>4.0.0</modelVersion><groupId>com.acme</groupId><artifactId>" + artifact
                                + "</artifactId><version>1.0</version><dependencies>" + dependencies
                                + "</dependencies></project>")
                        .getBytes(StandardCharsets.UTF_8));
        put(base + ".jar", Files.readAllBytes(jar));
        return jar;
    }

    private void put(String path, byte[] content) throws Exception {
        files.put(path, content);
        String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
        files.put(path + ".sha1", sum.getBytes(StandardCharsets.UTF_8));
    }

    /** From now on the jar of an artifact is another one than its checksum says. */
    public void tamper(String artifact) {
        String path = "/m2/com/acme/" + artifact + "/1.0/" + artifact + "-1.0.jar";
        files.put(path, "not what was published".getBytes(StandardCharsets.UTF_8));
    }

    /** The jar of an artifact is on its way until the latch is released. */
    public CountDownLatch hold(String artifact) {
        var latch = new CountDownLatch(1);
        held.put("/m2/com/acme/" + artifact + "/1.0/" + artifact + "-1.0.jar", latch);
        return latch;
    }

    private Path jar(String artifact, String type, String source) throws IOException {
        Path classes = folder.resolve(artifact + "-classes");
        Files.createDirectories(classes);
        var compiler = ToolProvider.getSystemJavaCompiler();
        var messages = new java.io.StringWriter();
        boolean compiled;
        try (var manager = compiler.getStandardFileManager(null, null, null);
                var others = Files.list(folder)) {
            List<String> classPath = others.filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toString)
                    .toList();
            compiled = compiler.getTask(
                            messages,
                            manager,
                            null,
                            List.of("-proc:none", "-d", classes.toString(), "-cp", String.join(":", classPath)),
                            null,
                            List.of(new Source(type, source)))
                    .call();
        }
        if (!compiled) {
            throw new IllegalArgumentException(messages.toString());
        }
        String entry = type.replace('.', '/') + ".class";
        var bytes = new ByteArrayOutputStream();
        try (var out = new JarOutputStream(bytes)) {
            out.putNextEntry(new JarEntry(entry));
            out.write(Files.readAllBytes(classes.resolve(entry)));
        }
        return Files.write(folder.resolve(artifact + ".jar"), bytes.toByteArray());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        synchronized (this) {
            asked.add(path.substring(path.lastIndexOf('/') + 1));
        }
        CountDownLatch latch = held.get(path);
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] content = files.get(path);
        try (exchange) {
            exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
            if (content != null) {
                exchange.getResponseBody().write(content);
            }
        }
    }

    @Override
    public void close() {
        held.values().forEach(CountDownLatch::countDown);
        server.stop(0);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("string:///" + type.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
