package io.campanile.node.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodeJsonTest {
    @Test
    void aFrameSurvivesTheWire() {
        var record = new WorkMessage.Record(
                7, 1, 1000, "stream", JsonNodeFactory.instance.objectNode().put("text", "x"));

        String frame = NodeJson.write(record);

        assertThat(frame).contains("\"t\":\"record\"", "\"run_id\":7");
        assertThat(NodeJson.read(frame, WorkMessage.class)).isEqualTo(record);
    }

    @Test
    void unknownKeysAreIgnoredAndAbsentOnesAreNull() {
        var frame =
                "{\"t\":\"status\",\"new_key\":1,\"status\":{\"driver\":\"READY\",\"parked_kernels\":1,\"kernels\":0,"
                        + "\"processes\":[{\"role\":\"driver\",\"pid\":5,\"started\":9}]}}";

        var status = ((ControlMessage.Status) NodeJson.read(frame, ControlMessage.class)).status();

        assertThat(status.idleSince()).isNull();
        assertThat(status.processes()).isEqualTo(List.of(new ControlMessage.ProcessInfo("driver", 5, null, 9)));
    }

    @Test
    void listsThatAreLeftOutOrHoldNothingAreEmpty() {
        var bare = NodeJson.read("{\"driver\":\"READY\",\"load\":{}}", ControlMessage.NodeStatus.class);
        var holes = NodeJson.read(
                "{\"driver\":\"READY\",\"processes\":[null],\"libraries\":[null,{\"id\":\"a\"},{\"id\":\"b\",\"state\":\"FAILED\"}],\"load\":{\"executors\":[null,{\"cores\":2},"
                        + "{\"executor_id\":\"1\"}]}}",
                ControlMessage.NodeStatus.class);
        var nobody = (ControlMessage.Decommission)
                NodeJson.read("{\"t\":\"decommission\",\"executor_ids\":null}", ControlMessage.class);

        assertThat(bare.processes()).isEmpty();
        assertThat(bare.load()).isEqualTo(new ControlMessage.Load(0, 0, List.of()));
        assertThat(holes.processes()).isEmpty();
        assertThat(bare.libraries()).isEmpty();
        assertThat(holes.libraries())
                .containsExactly(new ControlMessage.LibraryStatus("b", ControlMessage.LibraryState.FAILED, List.of()));
        assertThat(holes.load())
                .isEqualTo(new ControlMessage.Load(
                        0, 0, List.of(new ControlMessage.ExecutorLoad("1", 0, 0, null, 0, null, false))));
        assertThat(nobody.executorIds()).isEmpty();
    }

    @Test
    void anUnknownFrameIsRefused() {
        assertThatThrownBy(() -> NodeJson.read("{\"t\":\"format_disk\"}", ControlMessage.class))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
