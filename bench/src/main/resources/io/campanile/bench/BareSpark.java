import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.sql.SparkSession;

/** Spark and nothing else: a session at once, then each line as a query. Compiled by the bench against the runtime. */
public final class BareSpark {
    public static void main(String[] args) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master(args[0])
                .appName("bare")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.memory", "640m")
                .getOrCreate();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onExecutorAdded(SparkListenerExecutorAdded added) {
                System.out.println("executor");
            }
        });
        System.out.println("session");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String query = in.readLine(); query != null; query = in.readLine()) {
            System.out.println("result " + spark.sql(query).collectAsList());
        }
        spark.stop();
    }
}
