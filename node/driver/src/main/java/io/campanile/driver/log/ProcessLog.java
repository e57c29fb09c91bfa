package io.campanile.driver.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process of Spark prints and logs. Called before anything of Spark is touched: its loggers are static. */
public final class ProcessLog {
    private ProcessLog() {}

    /**
     * Logs into {@code <folder>/<name>.log} from now on.
     *
     * @return standard output, for the lines the agent waits for: libraries print at will, and go to standard error
     */
    public static Answers to(Path folder, String name) throws IOException {
        var answers = new Answers(System.out);
        System.setOut(System.err);
        Files.createDirectories(folder);
        System.setProperty("campanile.spark.log", folder.resolve(name + ".log").toString());
        System.setProperty("log4j2.configurationFile", "classpath:campanile-spark-log4j2.xml");
        return answers;
    }
}
