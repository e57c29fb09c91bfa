package io.campanile.driver.executors;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What there is to do and who does it, as the agent passes it on ({@code ControlMessage.Load}). */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Load(int pendingTasks, int runningTasks, List<Executor> executors) {

    /** One executor; {@code idleSince} is null while a task runs on it. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Executor(
            String executorId,
            int cores,
            int runningTasks,
            @Nullable Long idleSince,
            long cachedBytes,
            long shuffleBytes,
            boolean leaving) {}

    /**
     * Tasks of one task set that no executor has been given.
     *
     * @param zombie the set starts no more tasks: its stage was given up, or all of it is done
     * @param successful by index, whether the task has ended well
     * @param copies by index, how many attempts of it run
     */
    static int waiting(boolean zombie, boolean[] successful, int[] copies) {
        int waiting = 0;
        for (int i = 0; !zombie && i < successful.length; i++) {
            waiting += successful[i] || copies[i] > 0 ? 0 : 1;
        }
        return waiting;
    }
}
