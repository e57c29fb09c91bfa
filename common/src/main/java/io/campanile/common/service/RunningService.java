package io.campanile.common.service;

/** A started service; {@code close} ends its listeners, timers and connections. */
public interface RunningService extends AutoCloseable {
    /** The port it listens on. */
    int port();

    @Override
    void close();
}
