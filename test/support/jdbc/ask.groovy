/** Calls the driver as DBeaver and Grafana's JDBC users do, one line of result for each call. Arguments: url, token. */
import java.sql.*

def (String url, String token) = [args[0], args[1]]
def options = new Properties()
options.putAll([user: 'anyone', password: token])
for (String given in args.drop(2)) {
    def (name, value) = given.split('=', 2)
    options.setProperty(name, value)
}

def told(String call, Closure work) {
    try {
        println "$call\tok\t${work()}"
    } catch (Exception cause) {
        println "$call\tfailed\t${cause.class.simpleName}: ${cause.message?.replaceAll(/\s+/, ' ')?.take(300)}"
    }
}

def all(ResultSet rows, String... columns) {
    def found = []
    while (rows.next()) found << columns.collect { rows.getString(it) }.join(':')
    rows.close()
    found
}

DriverManager.getConnection(url, options).withCloseable { Connection connection ->
    def meta = connection.metaData
    told('isValid') { connection.isValid(5) }
    told('product') { "${meta.databaseProductName} ${meta.databaseMajorVersion > 20}" }
    told('getCatalogs') { all(meta.catalogs, 'TABLE_CAT') }
    told('getSchemas') { all(meta.schemas, 'TABLE_SCHEM') }
    told('getTableTypes') { all(meta.tableTypes, 'TABLE_TYPE').size() > 0 }
    told('getTables') { all(meta.getTables(null, null, '%', null), 'TABLE_NAME').sort() }
    told('getTables of the catalog') { all(meta.getTables(null, 'system', '%', null), 'TABLE_NAME') }
    told('getColumns') { all(meta.getColumns(null, null, 'audit_events', '%'), 'COLUMN_NAME', 'TYPE_NAME').take(4) }
    told('getPrimaryKeys') { all(meta.getPrimaryKeys(null, null, 'audit_events'), 'COLUMN_NAME').size() >= 0 }
    told('getIndexInfo') { all(meta.getIndexInfo(null, null, 'audit_events', false, true), 'INDEX_NAME') }
    told('getImportedKeys') { all(meta.getImportedKeys(null, null, 'audit_events'), 'FKTABLE_NAME') }
    told('getTypeInfo') { all(meta.typeInfo, 'TYPE_NAME').size() > 5 }
    told('getFunctions') { all(meta.getFunctions(null, null, '%'), 'FUNCTION_NAME').size() > 100 }
    told('getProcedures') { all(meta.getProcedures(null, null, '%'), 'PROCEDURE_NAME') }
    told('select') {
        connection.createStatement().withCloseable {
            def rows = it.executeQuery('SELECT event_time, account_id, source_ip, status_code FROM activity ORDER BY ALL LIMIT 2')
            def found = []
            while (rows.next()) found << "${rows.getTimestamp(1).time} ${rows.getString(2)} ${rows.getInt(4)}"
            "${rows.metaData.columnCount} $found"
        }
    }
    told('prepared') {
        connection.prepareStatement('SELECT count() FROM activity WHERE account_id = ?').withCloseable {
            it.setString(1, 'alpha')
            def rows = it.executeQuery()
            rows.next()
            rows.getLong(1)
        }
    }
    told('many rows') {
        connection.createStatement().withCloseable {
            def rows = it.executeQuery('SELECT number, toString(number) FROM numbers(300000)')
            long sum = 0
            while (rows.next()) sum += rows.getLong(1)
            sum
        }
    }
    told('limited rows') {
        connection.createStatement().withCloseable {
            it.maxRows = 10
            def rows = it.executeQuery('SELECT * FROM activity')
            int n = 0
            while (rows.next()) n++
            n
        }
    }
    for (sql in ['INSERT INTO audit_events (event_id) VALUES (1)', 'DROP TABLE audit_events', "SELECT * FROM url('http://x/')"]) {
        told(sql) { connection.createStatement().withCloseable { it.execute(sql) } }
    }
}
