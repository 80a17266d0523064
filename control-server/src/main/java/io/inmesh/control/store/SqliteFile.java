package io.inmesh.control.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database file: its tables and statements. Used by one thread at a time. */
final class SqliteFile implements AutoCloseable {
  /** Of the tables below; kept in the file as SQLite's {@code user_version}. */
  private static final int FORMAT = 1;

  private final Path path;
  private final Connection connection;
  private final PreparedStatement putEntry;
  private final PreparedStatement deleteEntry;
  private final PreparedStatement addChange;
  private final PreparedStatement dropChanges;

  private SqliteFile(Path path, Connection connection) throws SQLException {
    this.path = path;
    this.connection = connection;
    this.putEntry =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO entries (key, value, create_rev, mod_rev, version)"
                + " VALUES (?, ?, ?, ?, ?)");
    this.deleteEntry = connection.prepareStatement("DELETE FROM entries WHERE key = ?");
    this.addChange =
        connection.prepareStatement(
            "INSERT INTO changes (mod_rev, type, key, value, create_rev, version)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
    this.dropChanges = connection.prepareStatement("DELETE FROM changes WHERE mod_rev <= ?");
  }

  static SqliteFile open(Path path) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(5_000);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + path.toAbsolutePath());
      try {
        check(connection, path);
        create(connection);
        connection.setAutoCommit(false);
        return new SqliteFile(path, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw explain(path, "open", e);
    }
  }

  private static void check(Connection connection, Path path) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
        String verdict = result.next() ? result.getString(1) : "no verdict";
        if (!verdict.equals("ok")) {
          throw damaged(path, verdict, null);
        }
      }
      try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
        int format = result.next() ? result.getInt(1) : 0;
        if (format > FORMAT) {
          throw new StoreException(
              path
                  + " was written by a newer control server (format "
                  + format
                  + ", this one knows "
                  + FORMAT
                  + "); run that version, or choose another directory with --data DIR");
        }
      }
    }
  }

  private static void create(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL,"
              + " create_rev INTEGER NOT NULL, mod_rev INTEGER NOT NULL, version INTEGER NOT NULL)"
              + " WITHOUT ROWID");
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS changes (mod_rev INTEGER PRIMARY KEY, type TEXT NOT NULL,"
              + " key TEXT NOT NULL, value BLOB NOT NULL, create_rev INTEGER NOT NULL,"
              + " version INTEGER NOT NULL)");
      statement.executeUpdate("PRAGMA user_version = " + FORMAT);
    }
    connection.commit();
  }

  void readEntries(Consumer<Store.Entry> sink) {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT key, value, create_rev, mod_rev, version FROM entries")) {
      while (row.next()) {
        sink.accept(
            new Store.Entry(
                row.getString(1), row.getBytes(2), row.getLong(3), row.getLong(4), row.getLong(5)));
      }
    } catch (SQLException e) {
      throw explain(path, "read", e);
    }
  }

  void readChanges(Consumer<Store.Change> sink) {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT mod_rev, type, key, value, create_rev, version FROM changes"
                    + " ORDER BY mod_rev")) {
      while (row.next()) {
        sink.accept(
            new Store.Change(
                Store.ChangeType.valueOf(row.getString(2)),
                new Store.Entry(
                    row.getString(3),
                    row.getBytes(4),
                    row.getLong(5),
                    row.getLong(1),
                    row.getLong(6))));
      }
    } catch (SQLException e) {
      throw explain(path, "read", e);
    }
  }

  /** Adds a change to the open transaction. */
  void write(Store.Change change) throws SQLException {
    Store.Entry entry = change.entry();
    if (change.type() == Store.ChangeType.DELETED) {
      deleteEntry.setString(1, entry.key());
      deleteEntry.executeUpdate();
    } else {
      putEntry.setString(1, entry.key());
      putEntry.setBytes(2, entry.value());
      putEntry.setLong(3, entry.createRevision());
      putEntry.setLong(4, entry.modRevision());
      putEntry.setLong(5, entry.version());
      putEntry.executeUpdate();
    }
    addChange.setLong(1, entry.modRevision());
    addChange.setString(2, change.type().name());
    addChange.setString(3, entry.key());
    addChange.setBytes(4, entry.value());
    addChange.setLong(5, entry.createRevision());
    addChange.setLong(6, entry.version());
    addChange.executeUpdate();
  }

  /** Adds to the open transaction that changes up to a revision are forgotten. */
  void forgetChanges(long upTo) throws SQLException {
    dropChanges.setLong(1, upTo);
    dropChanges.executeUpdate();
  }

  /** Durable when it returns. */
  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw explain(path, "close", e);
    }
  }

  StoreException explain(String what, SQLException e) {
    return explain(path, what, e);
  }

  private static StoreException explain(Path path, String what, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    // Extended codes carry the primary code in their low byte.
    int primary = code.code & 0xff;
    if (primary == SQLiteErrorCode.SQLITE_NOTADB.code
        || primary == SQLiteErrorCode.SQLITE_CORRUPT.code) {
      return damaged(path, e.getMessage(), e);
    }
    String hint =
        primary == SQLiteErrorCode.SQLITE_FULL.code
            ? "; the disk is full: make room, nothing was changed"
            : primary == SQLiteErrorCode.SQLITE_READONLY.code
                    || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                ? "; make the file and its directory writable for this user"
                : "; look at the disk and the file's permissions";
    return new StoreException(
        "cannot " + what + " " + path + " (" + e.getMessage() + ")" + hint, e);
  }

  private static StoreException damaged(
      Path path,
      @org.jspecify.annotations.Nullable String verdict,
      @org.jspecify.annotations.Nullable SQLException cause) {
    String message =
        path
            + " is damaged ("
            + verdict
            + "); put a backup copy in its place, or move it and its -wal and -shm files away to"
            + " start empty and apply your policy files again";
    return cause == null ? new StoreException(message) : new StoreException(message, cause);
  }
}
