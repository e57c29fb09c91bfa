package io.campanile.driver;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import scala.Function1;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Tells {@link LibraryJars} of each session. Spark asks for the rules of a session before it plans its first query. */
public final class LibraryExtension extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        extensions.injectCheckRule(new AbstractFunction1<>() {
            @Override
            public Function1<LogicalPlan, BoxedUnit> apply(org.apache.spark.sql.SparkSession session) {
                LibraryJars.join((SparkSession) session);
                return new NoRule();
            }
        });
        return BoxedUnit.UNIT;
    }

    private static final class NoRule extends AbstractFunction1<LogicalPlan, BoxedUnit> {
        @Override
        public BoxedUnit apply(LogicalPlan plan) {
            return BoxedUnit.UNIT;
        }
    }
}
