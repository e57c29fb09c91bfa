package io.campanile.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Stands in for the Spark driver where a test needs no Spark: another process that speaks section 9 of the contracts. */
public final class DriverMain {
    private DriverMain() {}

    public static void main(String[] args) throws IOException {
        System.err.println("driver of " + args[0]);
        System.out.println("{\"port\":1}");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            if (line.contains("restore_warehouse")) {
                System.out.println("{\"warehouse\":true}");
            }
        }
    }
}
