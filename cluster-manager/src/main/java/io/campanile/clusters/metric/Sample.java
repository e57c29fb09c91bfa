package io.campanile.clusters.metric;

import io.campanile.node.protocol.ControlMessage.Usage;
import java.util.ArrayList;
import java.util.List;

/** One measurement of a node, or the mean of several: a time and the values of {@link #FIELDS}. */
record Sample(long at, List<Double> values) {
    /** In the order of the values; bytes, bytes a second, cores, and a share from 0 to 1. */
    static final List<String> FIELDS = List.of(
            "cores",
            "machine_cores",
            "machine_busy",
            "memory",
            "machine_memory",
            "machine_memory_free",
            "disk",
            "disk_free",
            "received",
            "sent");

    Sample {
        values = List.copyOf(values);
    }

    /** A node may say anything: what is no number of something becomes none. */
    static Sample of(Usage usage, long at) {
        List<Double> values = new ArrayList<>();
        for (double value : new double[] {
            usage.cores(),
            usage.machineCores(),
            usage.machineBusy(),
            usage.memory(),
            usage.machineMemory(),
            usage.machineMemoryFree(),
            usage.disk(),
            usage.diskFree(),
            usage.received(),
            usage.sent()
        }) {
            values.add(Double.isFinite(value) && value > 0 ? Math.round(value * 1000) / 1000.0 : 0.0);
        }
        return new Sample(at, values);
    }

    /** Of one or more. */
    static Sample mean(long at, List<Sample> samples) {
        List<Double> means = new ArrayList<>();
        for (int field = 0; field < FIELDS.size(); field++) {
            int of = field;
            double mean = samples.stream()
                    .mapToDouble(sample -> sample.values().get(of))
                    .average()
                    .orElse(0);
            means.add(Math.round(mean * 1000) / 1000.0);
        }
        return new Sample(at, means);
    }

    /** As it is on the wire and in the database: the time, then the values. */
    List<Number> row() {
        List<Number> row = new ArrayList<>();
        row.add(at);
        for (double value : values) {
            if (value == Math.rint(value) && value < 1L << 53) {
                row.add((long) value);
            } else {
                row.add(value);
            }
        }
        return row;
    }

    static Sample of(List<Number> row) {
        return new Sample(
                row.get(0).longValue(),
                row.subList(1, row.size()).stream().map(Number::doubleValue).toList());
    }
}
