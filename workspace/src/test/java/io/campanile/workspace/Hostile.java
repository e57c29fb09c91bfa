package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.errors.ApiException;
import java.nio.charset.StandardCharsets;

/** Input from anywhere: it is taken, or refused in words; what else is thrown is a finding. */
public final class Hostile {
    private Hostile() {}

    /** What takes an input, and checks what it made of it. */
    public interface Taking {
        void take() throws Exception;
    }

    /** Runs it; a refusal must be the caller's fault and say why, at a length that fits an answer. */
    public static void takenOrRefused(Taking taking) throws Exception {
        try {
            taking.take();
        } catch (ApiException refused) {
            assertThat(refused.code().httpStatus()).isBetween(400, 499);
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(2_000);
        }
    }

    /** As a service reads a body. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
