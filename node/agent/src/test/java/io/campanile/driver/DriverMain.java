package io.campanile.driver;

import java.io.IOException;

/** Stands in for the Spark driver where a test needs no Spark: another process that speaks section 9 of the contracts. */
public final class DriverMain {
    private DriverMain() {}

    public static void main(String[] args) throws IOException {
        System.err.println("driver of " + args[0]);
        System.out.println("{\"port\":1}");
        while (System.in.read() >= 0) {
            // What the agent tells the driver is of no interest here.
        }
    }
}
