package io.campanile.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BlockingTest {
    private final Vertx vertx = Vertx.vertx();
    private final Blocking blocking = new Blocking(vertx, "of-a-test", 1, 1);

    @AfterEach
    void stop() throws Exception {
        blocking.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A file that was received would stay for good if the work that deletes it were refused like any other. */
    @Test
    void whatEndsWorkIsDoneHoweverMuchIsInProgress() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        Future<Boolean> first = blocking.call(() -> busy.await(60, TimeUnit.SECONDS));
        Future<String> queued = blocking.call(() -> "queued");

        Future<String> refused = blocking.call(() -> "too much");
        Future<String> ending = blocking.end(() -> "ended");
        busy.countDown();

        assertThatThrownBy(() -> of(refused)).hasMessageContaining("Too many requests");
        assertThat(of(first)).isTrue();
        assertThat(of(queued)).isEqualTo("queued");
        assertThat(of(ending)).isEqualTo("ended");
        assertThat(of(blocking.call(() -> "again"))).isEqualTo("again");
    }

    private static <T> T of(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
