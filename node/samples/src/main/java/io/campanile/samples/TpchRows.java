package io.campanile.samples;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** One TPC-H table as Spark rows: the benchmark's own generator, identifiers as bigint, money as double, real dates. */
record TpchRows<E extends TpchEntity>(TpchTable<E> table) {

    StructType schema() {
        List<StructField> fields = new ArrayList<>();
        for (TpchColumn<E> column : table.getColumns()) {
            fields.add(DataTypes.createStructField(column.getColumnName(), type(column), false));
        }
        return DataTypes.createStructType(fields);
    }

    List<Row> rows(double scale) {
        List<Row> rows = new ArrayList<>();
        for (E entity : table.createGenerator(scale, 1, 1)) {
            Object[] values = table.getColumns().stream()
                    .map(column -> value(column, entity))
                    .toArray();
            rows.add(RowFactory.create(values));
        }
        return rows;
    }

    private static <E extends TpchEntity> DataType type(TpchColumn<E> column) {
        return switch (column.getType().getBase()) {
            case INTEGER -> DataTypes.IntegerType;
            case IDENTIFIER -> DataTypes.LongType;
            case DATE -> DataTypes.DateType;
            case DOUBLE -> DataTypes.DoubleType;
            case VARCHAR -> DataTypes.StringType;
        };
    }

    private static <E extends TpchEntity> Object value(TpchColumn<E> column, E entity) {
        return switch (column.getType().getBase()) {
            case INTEGER -> column.getInteger(entity);
            case IDENTIFIER -> column.getIdentifier(entity);
            case DATE -> java.sql.Date.valueOf(LocalDate.ofEpochDay(column.getDate(entity)));
            case DOUBLE -> column.getDouble(entity);
            case VARCHAR -> column.getString(entity);
        };
    }
}
