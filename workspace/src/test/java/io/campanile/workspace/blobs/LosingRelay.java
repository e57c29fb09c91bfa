package io.campanile.workspace.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a server; cuts the connection where the server begins to answer, when told to. */
final class LosingRelay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile String losing = "";
    private volatile String meeting = "";
    private volatile Runnable meanwhile = () -> {};

    LosingRelay(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The answer to the next request that begins so is lost: the server has done what it was asked. */
    void loseAnswerTo(String start) {
        losing = start;
    }

    /** Before the next request that begins so reaches the server, something else is done. */
    void before(String start, Runnable done) {
        meanwhile = done;
        meeting = start;
    }

    int lost() {
        return lost.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                threads.execute(() -> relay(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void relay(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            boolean[] cut = {false};
            threads.execute(() -> copy(client, server, bytes -> {
                String awaited = meeting;
                if (!awaited.isEmpty() && bytes.startsWith(awaited)) {
                    meeting = "";
                    meanwhile.run();
                }
                String wanted = losing;
                if (!wanted.isEmpty() && bytes.startsWith(wanted)) {
                    losing = "";
                    cut[0] = true;
                }
                return true;
            }));
            copy(server, client, bytes -> {
                // "100 Continue" is not yet the answer.
                if (!cut[0] || bytes.startsWith("HTTP/1.1 100")) {
                    return true;
                }
                lost.incrementAndGet();
                return false;
            });
        } catch (IOException e) {
            // One side is gone: so is the other, by the end of this block.
        }
    }

    private interface Inspection {
        boolean passes(String start);
    }

    private static void copy(Socket from, Socket to, Inspection inspection) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!inspection.passes(new String(buffer, 0, Math.min(n, 200), StandardCharsets.ISO_8859_1))) {
                    return;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
