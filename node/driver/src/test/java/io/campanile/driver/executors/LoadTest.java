package io.campanile.driver.executors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoadTest {
    @Test
    void tasksWaitThatNeitherRunNorHaveEnded() {
        boolean[] ended = {true, false, false, true, false};
        int[] copies = {0, 0, 1, 1, 2};

        assertThat(Load.waiting(false, ended, copies)).isEqualTo(1);
        assertThat(Load.waiting(true, ended, copies)).isZero();
        assertThat(Load.waiting(false, new boolean[3], new int[3])).isEqualTo(3);
    }

    @Test
    void itIsSaidAsTheAgentReadsIt() throws Exception {
        var load = new Load(3, 1, List.of(new Load.Executor("1", 2, 1, null, 5, 7, true)));

        assertThat(JsonMapper.builder().build().writeValueAsString(load))
                .isEqualTo("{\"pending_tasks\":3,\"running_tasks\":1,\"executors\":[{\"executor_id\":\"1\",\"cores\":2,"
                        + "\"running_tasks\":1,\"cached_bytes\":5,\"shuffle_bytes\":7,\"leaving\":true}]}");
    }
}
