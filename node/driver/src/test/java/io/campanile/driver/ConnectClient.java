package io.campanile.driver;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A Connect client as a process of its own, as client and server cannot share a class path:
 * {@code ConnectClient <url> <statement>...} prints each statement's rows, one line a statement, in one session.
 */
public final class ConnectClient {
    private ConnectClient() {}

    public static void main(String[] args) throws IOException {
        SparkSession spark = SparkSession.builder().remote(args[0]).getOrCreate();
        for (String statement : List.of(args).subList(1, args.length)) {
            if (statement.equals("close")) {
                spark.close();
                break;
            }
            List<Row> rows = spark.sql(statement).collectAsList();
            System.out.println("rows " + rows);
        }
        // The client's own threads would keep the process: a kernel that is killed does not close its session either.
        Runtime.getRuntime().halt(0);
    }
}
