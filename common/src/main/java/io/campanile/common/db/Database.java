package io.campanile.common.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultExecuteListenerProvider;

/** One service's schema: a connection pool whose search path is the schema, migrated before first use. */
public final class Database implements AutoCloseable {
    /**
     * A connection keeps the plans it made, also of tables that have grown a thousandfold since and whose statistics were
     * gathered anew: what is planned for a small table may read all of a large one.
     */
    private static final Duration LIFE = Duration.ofMinutes(2);

    /** How long anybody waits for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final DSLContext context;
    private final DSLContext aside;
    private final Semaphore locks;
    private final Semaphore slow;
    private final Set<String> tenantTables;

    private Database(HikariDataSource pool, String schema) {
        this.pool = pool;
        this.locks = new Semaphore(Math.max(1, pool.getMaximumPoolSize() / 2));
        this.slow = new Semaphore(Math.max(1, pool.getMaximumPoolSize() / 2));
        ConnectionProvider lending = new DataSourceConnectionProvider(pool);
        DSLContext plain = DSL.using(
                new OneConnection(lending),
                SQLDialect.POSTGRES,
                new Settings().withRenderSchema(false).withExecuteLogging(false));
        this.tenantTables = tenantTables(plain, schema);
        TenantFence fence = new TenantFence(tenantTables);
        this.context = plain.configuration()
                .derive(new DefaultExecuteListenerProvider(fence))
                .dsl();
        this.aside = context.configuration().derive(lending).dsl();
    }

    private static Set<String> tenantTables(DSLContext plain, String schema) {
        return Set.copyOf(plain.fetch(
                        "select table_name from information_schema.columns"
                                + " where table_schema = {0} and column_name = 'workspace_id'",
                        DSL.val(schema))
                .into(String.class));
    }

    /** Opens the pool and migrates {@code db/migration/<folder>} into {@code schema}. */
    public static Database open(DatabaseSettings settings, String schema, String folder) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(folder);
        config.setJdbcUrl(settings.jdbcUrl());
        config.setUsername(settings.user());
        config.setPassword(settings.password().value());
        config.setSchema(schema);
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(1);
        config.setMaxLifetime(LIFE.toMillis());
        config.setIdleTimeout(LIFE.toMillis() / 2);
        config.setKeepaliveTime(0);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setValidationTimeout(2_000);
        config.setInitializationFailTimeout(30_000);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "60");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            migrate(settings, schema, folder, "flyway_schema_history");
            // What every service's schema has, with a history of its own: both count their versions from one.
            migrate(settings, schema, "common", "flyway_common_history");
            return new Database(pool, schema);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static void migrate(DatabaseSettings settings, String schema, String folder, String history) {
        Flyway.configure()
                .dataSource(
                        settings.jdbcUrl(), settings.user(), settings.password().value())
                .schemas(schema)
                .defaultSchema(schema)
                .table(history)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .locations("classpath:db/migration/" + folder)
                .load()
                .migrate();
    }

    /** For statements that name their workspace: others are refused, see {@link TenantFence}. */
    public DSLContext context() {
        return context;
    }

    /** For what has to look into all workspaces at once, and why it has to. */
    public DSLContext acrossWorkspaces(String reason) {
        return TenantFence.acrossWorkspaces(context, reason);
    }

    /** The tables whose rows carry a workspace. */
    Set<String> tenantTables() {
        return tenantTables;
    }

    /** Runs {@code work} in one transaction: short, without remote calls inside. */
    public <T> T inTransaction(Function<DSLContext, T> work) {
        return context.transactionResult(configuration -> work.apply(DSL.using(configuration)));
    }

    /** Like {@link #inTransaction} without a result. */
    public void transact(Consumer<DSLContext> work) {
        context.transaction(configuration -> work.accept(DSL.using(configuration)));
    }

    /**
     * Runs {@code work} in one transaction, though it also waits for others than the database: half of the connections at
     * most are in such transactions, so that those others do not keep anybody waiting who needs the database alone.
     */
    public <T> T inSlowTransaction(Function<DSLContext, T> work) {
        if (!admitted()) {
            throw new DataAccessException(
                    "Too much waits within transactions", new SQLTransientConnectionException("None is free"));
        }
        try {
            return inTransaction(work);
        } finally {
            slow.release();
        }
    }

    private boolean admitted() {
        try {
            return slow.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Reads, in as many statements as it takes, what was there at one moment. */
    public <T> T snapshot(Function<DSLContext, T> reading) {
        return inTransaction(tx -> {
            tx.execute("set transaction isolation level repeatable read, read only");
            return reading.apply(tx);
        });
    }

    /**
     * Runs {@code work} in a transaction that is a lock and nothing else: what is done under it is done on other
     * connections. Half of the connections at most are such locks, so that the other half gets on.
     */
    public void lock(Consumer<DSLContext> work) {
        locks.acquireUninterruptibly();
        try {
            aside.transaction(configuration -> work.accept(DSL.using(configuration)));
        } finally {
            locks.release();
        }
    }

    /** Whether the database answers now. */
    public boolean answers() {
        try {
            return context.selectOne().fetchOne() != null;
        } catch (DataAccessException e) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
