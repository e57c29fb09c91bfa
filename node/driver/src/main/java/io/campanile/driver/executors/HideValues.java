package io.campanile.driver.executors;

import java.io.Serializable;
import java.util.List;

/** Driver to executor: what must not stand in its log from now on. */
record HideValues(List<String> values) implements Serializable {
    HideValues {
        values = List.copyOf(values);
    }

    @Override
    public String toString() {
        return "HideValues[****]";
    }
}
