// Databricks notebook source
// MAGIC %md
// MAGIC # Getting started
// MAGIC
// MAGIC This notebook runs Java and SQL on a Spark cluster of your own. It is yours: change anything, run it again, or delete it.
// MAGIC
// MAGIC Select the first cell of code and press **Shift+Enter** to run it and go on to the next. If your cluster is not running yet, the first run starts it.
// MAGIC Press **H** for all keyboard shortcuts.

// COMMAND ----------

// DBTITLE 1,A line of Java
String greeting = "Hello from Java " + Runtime.version().feature();
greeting + " and Spark " + spark.version()

// COMMAND ----------

// MAGIC %md
// MAGIC The value of a cell's last expression is shown under it; `System.out.println` works too. A variable lives as long as the notebook's session: `greeting` is there in every cell that follows, until you restart it.
// MAGIC
// MAGIC ## Look at some data
// MAGIC
// MAGIC The database `samples` is there to try things on: `samples.tpch_*`, a shop with customers, orders and line items; `samples.flights`, delays of flights; and `samples.weather`, four years of weather.
// MAGIC A cell can be in SQL. Its result is a table that you can sort and filter, over all of its rows.

// COMMAND ----------

// DBTITLE 1,The tables of the samples
// MAGIC %sql
// MAGIC show tables in samples

// COMMAND ----------

// DBTITLE 1,What the shop earned each year, by region
// MAGIC %sql
// MAGIC select year(o.o_orderdate) as year,
// MAGIC        r.r_name as region,
// MAGIC        round(sum(l.l_extendedprice * (1 - l.l_discount)) / 1e6, 2) as revenue_millions
// MAGIC from samples.tpch_lineitem l
// MAGIC join samples.tpch_orders o on o.o_orderkey = l.l_orderkey
// MAGIC join samples.tpch_customer c on c.c_custkey = o.o_custkey
// MAGIC join samples.tpch_nation n on n.n_nationkey = c.c_nationkey
// MAGIC join samples.tpch_region r on r.r_regionkey = n.n_regionkey
// MAGIC group by all
// MAGIC order by year, region

// COMMAND ----------

// MAGIC %md
// MAGIC Choose **Chart** above that result: a line chart, with `year` for X, `revenue_millions` for Y and `region` for Series, draws one line for each region.

// COMMAND ----------

// DBTITLE 1,Rain and warmth, month by month
// MAGIC %sql
// MAGIC select month(date) as month,
// MAGIC        round(avg(temp_max), 1) as mean_high,
// MAGIC        round(avg(temp_min), 1) as mean_low,
// MAGIC        round(sum(precipitation) / count(distinct year(date)), 1) as rain_per_year
// MAGIC from samples.weather
// MAGIC group by month(date)
// MAGIC order by month

// COMMAND ----------

// MAGIC %md
// MAGIC ## The same in Java
// MAGIC
// MAGIC `spark` is the session that SQL cells use too. Spark's functions (`col`, `avg`, `desc`, ...) are imported, and `display` shows a dataset as a table.

// COMMAND ----------

// DBTITLE 1,Where flights from Seattle are late
Dataset<Row> fromSeattle = spark.table("samples.flights").where(col("origin").equalTo("SEA"));

display(fromSeattle
        .groupBy("destination")
        .agg(count("*").as("flights"), round(avg("delay"), 1).as("mean_delay"))
        .where(col("flights").gt(20))
        .orderBy(desc("mean_delay")));

// COMMAND ----------

// MAGIC %md
// MAGIC ## Your code on the cluster
// MAGIC
// MAGIC A lambda runs where the data is. It may use variables of the notebook: their values travel with it. Change `late` and run the cell again.

// COMMAND ----------

// DBTITLE 1,A lambda with a variable in it
int late = 30;

long lateFlights = spark.table("samples.flights")
        .select(col("delay").cast("int"))
        .na().drop()
        .as(Encoders.INT())
        .filter((FilterFunction<Integer>) delay -> delay > late)
        .count();

lateFlights + " flights were more than " + late + " minutes late"

// COMMAND ----------

// MAGIC %md
// MAGIC ## From Java to SQL and back
// MAGIC
// MAGIC A temporary view made in one language is there in the other.

// COMMAND ----------

// DBTITLE 1,Java makes a view
spark.table("samples.flights")
        .withColumn("length", when(col("distance").lt(500), "short").when(col("distance").lt(1500), "medium").otherwise("long"))
        .createOrReplaceTempView("flights_by_length");

// COMMAND ----------

// DBTITLE 1,SQL reads it
// MAGIC %sql
// MAGIC select length, count(*) as flights, round(avg(delay), 1) as mean_delay
// MAGIC from flights_by_length
// MAGIC group by length
// MAGIC order by flights desc

// COMMAND ----------

// MAGIC %md
// MAGIC ## When something goes wrong
// MAGIC
// MAGIC An error is shown under its cell with the line and the column it is about; a problem inside Spark is shown with its own message first, not with a page of stack trace.
// MAGIC Remove the two slashes before the last line of the next cell and run it to see one. Then put them back: nothing else has been lost, every variable is still there.
// MAGIC
// MAGIC A cell that takes too long stops when you press **I** twice. The session stays as it is.

// COMMAND ----------

// DBTITLE 1,Try an error
var columns = spark.table("samples.weather").columns();
System.out.println(String.join(", ", columns));
// spark.table("samples.weather").select("temperature").show();

// COMMAND ----------

// MAGIC %md
// MAGIC ## Where to go from here
// MAGIC
// MAGIC - Make a notebook of your own with **New**, or import an `.ipynb`, `.java`, `.sql` or `.py` file into a folder.
// MAGIC - Several people can edit a notebook at the same time; everything is saved as you type.
// MAGIC - Close the browser while a cell runs: it goes on, and its output is here when you come back.
