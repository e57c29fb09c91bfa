package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * A kernel process spoken to without anything in between: started from its kernelspec and a connection file as the agent
 * does, its two sockets read on the caller's thread. What this takes is the kernel's own time.
 */
public final class DirectKernel implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ZContext context = new ZContext();
    private final ChildProcess process;
    private final JupyterCodec codec;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket iopub;
    private final ZMQ.Poller poller;

    /** Starts the kernel; it has answered when this returns. */
    public DirectKernel(KernelSpec spec, Path folder) throws IOException {
        Files.createDirectories(folder);
        ConnectionInfo connection = ConnectionInfo.choose();
        Path file = folder.resolve("connection.json");
        PrivateFiles.write(file, connection.json());
        this.process = ChildProcess.start(
                new ChildProcess.Command(spec.command(file), folder, Map.of(), folder.resolve("kernel.log")));
        this.codec = new JupyterCodec(connection.key());
        this.shell = connect(SocketType.DEALER, connection.shell());
        this.iopub = connect(SocketType.SUB, connection.iopub());
        this.poller = context.createPoller(2);
        poller.register(shell, ZMQ.Poller.POLLIN);
        poller.register(iopub, ZMQ.Poller.POLLIN);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        // The subscription takes effect some time after the connect: asked until the kernel is heard on both sockets.
        while (!answers("kernel_info_request", NodeJson.MAPPER.createObjectNode(), Duration.ofMillis(500))) {
            if (System.nanoTime() > deadline || !process.alive()) {
                throw new IOException("The kernel did not start: " + process.lastLines(5));
            }
        }
    }

    /** Executes a cell; returns when it is answered and the kernel is idle again. */
    public void execute(String code) throws IOException {
        ObjectNode content = NodeJson.MAPPER.createObjectNode();
        content.put("code", code).put("silent", false).put("store_history", true);
        content.put("allow_stdin", false).put("stop_on_error", false);
        content.set("user_expressions", NodeJson.MAPPER.createObjectNode());
        if (!answers("execute_request", content, LIMIT)) {
            throw new IOException("No answer of the kernel: " + process.lastLines(5));
        }
    }

    private ZMQ.Socket connect(SocketType type, int port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setLinger(0);
        socket.setReconnectIVL(20);
        if (type == SocketType.SUB) {
            socket.subscribe(ZMQ.SUBSCRIPTION_ALL);
        }
        socket.connect("tcp://127.0.0.1:" + port);
        return socket;
    }

    private boolean answers(String type, ObjectNode content, Duration limit) throws IOException {
        String id = UUID.randomUUID().toString();
        send(codec.encode(id, type, content));
        boolean[] seen = new boolean[2];
        long deadline = System.nanoTime() + limit.toNanos();
        while (!(seen[0] && seen[1])) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            poller.poll(left);
            receive(shell, id, message -> seen[0] = true);
            receive(iopub, id, message -> seen[1] |= idle(message));
        }
        return true;
    }

    private static boolean idle(JupyterMessage message) {
        return message.type().equals("status")
                && message.content().path("execution_state").asText().equals("idle");
    }

    private void send(List<byte[]> parts) {
        for (int i = 0; i < parts.size(); i++) {
            shell.send(parts.get(i), i < parts.size() - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    private void receive(ZMQ.Socket socket, String parent, java.util.function.Consumer<JupyterMessage> consumer)
            throws IOException {
        for (byte[] first = socket.recv(ZMQ.DONTWAIT); first != null; first = socket.recv(ZMQ.DONTWAIT)) {
            List<byte[]> parts = new ArrayList<>();
            parts.add(first);
            while (socket.hasReceiveMore()) {
                parts.add(socket.recv());
            }
            codec.decode(parts, message -> {
                if (message.parentId().equals(parent)) {
                    consumer.accept(message);
                }
            });
        }
    }

    @Override
    public void close() {
        context.close();
        process.kill();
    }
}
