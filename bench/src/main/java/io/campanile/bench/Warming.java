package io.campanile.bench;

import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/** New processes get faster from second to second until their code is compiled. */
final class Warming {
    private static final int MOST_PIECES = 8;
    private static final double HARDLY = 1.05;

    private Warming() {}

    /** Works until a piece of it was hardly faster than the fastest before; the first of them, which was cold. */
    static <T> T first(Callable<T> piece, ToDoubleFunction<T> perSecond) throws Exception {
        T first = piece.call();
        double best = perSecond.applyAsDouble(first);
        for (int done = 1; done < MOST_PIECES; done++) {
            double rate = perSecond.applyAsDouble(piece.call());
            if (rate < HARDLY * best) {
                break;
            }
            best = rate;
        }
        return first;
    }
}
